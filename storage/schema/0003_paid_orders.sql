-- Paid orders: what was handed in (sealed whole), and where their review stands. A row of `review`
-- is there while a decision is outstanding; its letter is sealed.

ALTER TABLE certificate ADD COLUMN domain_count BIGINT NOT NULL DEFAULT 1;
ALTER TABLE certificate ADD COLUMN manager_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX certificate_manager ON certificate (account, manager_id) WHERE manager_id <> 0;

CREATE TABLE submission (
  account BIGINT NOT NULL,
  certificate_id TEXT NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (account, certificate_id)
);

CREATE TABLE review (
  account BIGINT NOT NULL,
  certificate_id TEXT NOT NULL,
  stage BIGINT NOT NULL,
  submitted BIGINT NOT NULL,
  entered BIGINT NOT NULL,
  automatic BIGINT,
  last_remind BIGINT,
  has_letter BIGINT NOT NULL,
  PRIMARY KEY (account, certificate_id)
);
CREATE INDEX review_submitted ON review (submitted);

CREATE TABLE letter (
  account BIGINT NOT NULL,
  certificate_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (account, certificate_id, kind)
);
