-- Operators, sub-users, temporary keys, projects.

ALTER TABLE account ADD COLUMN is_operator BIGINT NOT NULL DEFAULT 0;

-- sub_account is 0 for the account's owner. policy and boundary are JSON, "" where nothing limits;
-- a key may do what both allow. token_hash and expires stand only for temporary keys.
ALTER TABLE credential ADD COLUMN sub_account BIGINT NOT NULL DEFAULT 0;
ALTER TABLE credential ADD COLUMN policy TEXT NOT NULL DEFAULT '';
ALTER TABLE credential ADD COLUMN boundary TEXT NOT NULL DEFAULT '';
ALTER TABLE credential ADD COLUMN token_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE credential ADD COLUMN expires BIGINT;

-- Project 0, the default, has no row.
CREATE TABLE project (
  account BIGINT NOT NULL REFERENCES account (account),
  project_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  created BIGINT NOT NULL,
  PRIMARY KEY (account, project_id)
);
CREATE UNIQUE INDEX project_name ON project (account, name);
