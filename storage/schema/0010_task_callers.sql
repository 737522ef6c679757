-- Which sub-user asked for the deletion, for the operate log; 0 is the account's owner.
ALTER TABLE delete_task ADD COLUMN sub_account BIGINT NOT NULL DEFAULT 0;
