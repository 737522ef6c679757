-- CSR records (CreateCSR). Ids come from one counter, of account 0: no two accounts have the same.
CREATE TABLE csr (
  account BIGINT NOT NULL,
  id BIGINT NOT NULL,
  status BIGINT NOT NULL,
  domain TEXT NOT NULL,
  organization TEXT NOT NULL,
  department TEXT NOT NULL,
  email TEXT NOT NULL,
  province TEXT NOT NULL,
  city TEXT NOT NULL,
  country TEXT NOT NULL,
  encrypt_algo TEXT NOT NULL,
  key_parameter TEXT NOT NULL,
  remarks TEXT NOT NULL,
  tags TEXT NOT NULL,
  created BIGINT NOT NULL,
  PRIMARY KEY (account, id)
);

CREATE TABLE csr_material (
  account BIGINT NOT NULL,
  csr BIGINT NOT NULL,
  csr_der BLOB NOT NULL,
  private_key BLOB NOT NULL,
  key_password BLOB NOT NULL,
  PRIMARY KEY (account, csr)
);
