-- Companies and managers. Their ids are one series for all accounts, since operators name a manager
-- without its account.

CREATE TABLE company (
  account BIGINT NOT NULL REFERENCES account (account),
  company_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  country TEXT NOT NULL,
  province TEXT NOT NULL,
  city TEXT NOT NULL,
  address TEXT NOT NULL,
  phone TEXT NOT NULL,
  id_type TEXT NOT NULL,
  id_number TEXT NOT NULL,
  created BIGINT NOT NULL,
  PRIMARY KEY (account, company_id)
);

-- review: 0 never submitted, 1 with the agent, 2 with the CA, 3 approved, 4 refused. The end of an
-- approval is computed. domains: name, method, created, expires each.
CREATE TABLE manager (
  account BIGINT NOT NULL,
  manager_id BIGINT NOT NULL,
  company_id BIGINT NOT NULL,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  mail TEXT NOT NULL,
  phone TEXT NOT NULL,
  position TEXT NOT NULL,
  department TEXT NOT NULL,
  contact_first_name TEXT NOT NULL,
  contact_last_name TEXT NOT NULL,
  contact_mail TEXT NOT NULL,
  contact_phone TEXT NOT NULL,
  contact_position TEXT NOT NULL,
  is_for_ov BIGINT NOT NULL,
  is_for_ev BIGINT NOT NULL,
  created BIGINT NOT NULL,
  review BIGINT NOT NULL,
  submitted BIGINT,
  approved BIGINT,
  refusal TEXT NOT NULL,
  domains TEXT NOT NULL,
  PRIMARY KEY (account, manager_id),
  FOREIGN KEY (account, company_id) REFERENCES company (account, company_id)
);
CREATE UNIQUE INDEX manager_number ON manager (manager_id);
CREATE INDEX manager_company ON manager (account, company_id, manager_id);
