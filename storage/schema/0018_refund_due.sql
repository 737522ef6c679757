-- Whether the certificate's row was deleted while its order could be refunded; it still can be.
ALTER TABLE purchase ADD COLUMN is_refund_due BIGINT NOT NULL DEFAULT 0;
