-- Whether calls of the key sign their action: 0/1.
ALTER TABLE credential ADD COLUMN must_sign_action BIGINT NOT NULL DEFAULT 0;
