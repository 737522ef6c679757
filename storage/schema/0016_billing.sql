-- The books: core/billing/ledger.h. Written once; the triggers hold that against a slip of ours.
CREATE TABLE ledger_entry (
  account BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  currency TEXT NOT NULL,
  certificate TEXT NOT NULL,
  deal_id TEXT NOT NULL,
  actor TEXT NOT NULL,
  reference TEXT NOT NULL,
  detail TEXT NOT NULL,
  time BIGINT NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (account, sequence)
);
CREATE INDEX ledger_entry_time ON ledger_entry (account, time, sequence);

CREATE TABLE ledger_posting (
  account BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  position BIGINT NOT NULL,
  book BIGINT NOT NULL,
  payment_grant BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  balance BIGINT NOT NULL,
  PRIMARY KEY (account, sequence, position)
);
CREATE INDEX ledger_posting_book
  ON ledger_posting (account, book, payment_grant, sequence, position, balance);

CREATE TRIGGER ledger_entry_stays BEFORE UPDATE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'the ledger is written once'); END;
CREATE TRIGGER ledger_entry_is_kept BEFORE DELETE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'the ledger is written once'); END;
CREATE TRIGGER ledger_posting_stays BEFORE UPDATE ON ledger_posting
BEGIN SELECT RAISE(ABORT, 'the ledger is written once'); END;
CREATE TRIGGER ledger_posting_is_kept BEFORE DELETE ON ledger_posting
BEGIN SELECT RAISE(ABORT, 'the ledger is written once'); END;

-- Gift cards, vouchers, discounts, packages of points: what is left of them is in the books.
CREATE TABLE payment_grant (
  account BIGINT NOT NULL,
  id BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  type TEXT NOT NULL,
  amount BIGINT NOT NULL,
  expires BIGINT,
  reference TEXT NOT NULL,
  created BIGINT NOT NULL,
  refunded BIGINT,
  -- Whether nothing is left, so that purchases pass over it. Discounts are never spent.
  is_spent BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (account, id)
);
CREATE INDEX payment_grant_kind ON payment_grant (account, kind, id);
CREATE INDEX payment_grant_left ON payment_grant (account, kind, id) WHERE is_spent = 0;

CREATE TABLE purchase (
  account BIGINT NOT NULL,
  deal_id TEXT NOT NULL,
  certificate TEXT NOT NULL,
  product BIGINT NOT NULL,
  domains BIGINT NOT NULL,
  years BIGINT NOT NULL,
  currency TEXT NOT NULL,
  price BIGINT NOT NULL,
  discount BIGINT NOT NULL,
  voucher BIGINT NOT NULL,
  gift_card BIGINT NOT NULL,
  cash BIGINT NOT NULL,
  points BIGINT NOT NULL,
  package BIGINT NOT NULL,
  entry BIGINT NOT NULL,
  created BIGINT NOT NULL,
  refund_entry BIGINT,
  refunded BIGINT,
  PRIMARY KEY (account, deal_id)
);
CREATE UNIQUE INDEX purchase_certificate ON purchase (account, certificate);
CREATE UNIQUE INDEX purchase_entry ON purchase (account, entry);
CREATE UNIQUE INDEX purchase_refund ON purchase (account, refund_entry)
  WHERE refund_entry IS NOT NULL;

-- Calls that may be repeated: what they asked, and what was answered.
CREATE TABLE repetition (
  account BIGINT NOT NULL,
  token TEXT NOT NULL,
  asked BLOB NOT NULL,
  answer TEXT NOT NULL,
  created BIGINT NOT NULL,
  PRIMARY KEY (account, token)
);
CREATE INDEX repetition_created ON repetition (account, created);
