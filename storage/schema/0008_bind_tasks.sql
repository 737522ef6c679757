-- Searches for the resources that use a certificate. Ids count from 1 in each account.

CREATE TABLE bind_resource_task (
  account BIGINT NOT NULL,
  id BIGINT NOT NULL,
  certificate_id TEXT NOT NULL,
  created BIGINT NOT NULL,
  finished BIGINT,
  PRIMARY KEY (account, id)
);
CREATE INDEX bind_resource_task_certificate ON bind_resource_task (account, certificate_id, id);
