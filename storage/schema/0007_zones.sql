-- Zones that are hosted here, each for one account, and what DNS_AUTO orders wrote into them.

CREATE TABLE zone (
  domain TEXT NOT NULL PRIMARY KEY,
  account BIGINT NOT NULL REFERENCES account (account),
  created BIGINT NOT NULL
);
CREATE INDEX zone_account ON zone (account, domain);

CREATE TABLE zone_record (
  zone TEXT NOT NULL REFERENCES zone (domain),
  name TEXT NOT NULL,
  type BIGINT NOT NULL,
  value TEXT NOT NULL,
  account BIGINT NOT NULL,
  certificate_id TEXT NOT NULL,
  PRIMARY KEY (zone, name, type, value)
);
CREATE INDEX zone_record_certificate ON zone_record (account, certificate_id);

-- When to warn of the end of certificates.
CREATE TABLE alarm_rule (
  account BIGINT NOT NULL REFERENCES account (account),
  id BIGINT NOT NULL,
  days BIGINT NOT NULL,
  interval_days BIGINT NOT NULL,
  webhook TEXT NOT NULL,
  created BIGINT NOT NULL,
  PRIMARY KEY (account, id)
);
