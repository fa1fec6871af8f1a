-- A foreign key asks for the account of each link by itself: of a thousand links of one account, that cost more than the thousand
-- rows. These triggers keep the same promise, no link without its account, with one look per statement.
-- contract since 0000: no version names it, and the triggers below refuse the same with the same code.
ALTER TABLE "links" DROP CONSTRAINT "links_account_id_accounts_id_fk";
--> statement-breakpoint
-- The lock is that of a foreign key: the accounts stay until the transaction ends.
CREATE FUNCTION check_accounts_of_links() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  found bigint;
BEGIN
  PERFORM FROM accounts WHERE id IN (SELECT account_id FROM made) FOR KEY SHARE;
  GET DIAGNOSTICS found = ROW_COUNT;
  IF found < (SELECT count(DISTINCT account_id) FROM made) THEN
    RAISE foreign_key_violation USING TABLE = 'links', COLUMN = 'account_id', MESSAGE = 'a link’s account does not exist';
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
-- safe: it refuses what the foreign key refused.
CREATE TRIGGER links_have_accounts AFTER INSERT ON links REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION check_accounts_of_links();
--> statement-breakpoint
-- Deleting waits for the locks above, and sees what was committed meanwhile: under READ COMMITTED, so no other level may.
CREATE FUNCTION check_links_of_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE feature_not_supported USING MESSAGE = 'accounts are deleted under READ COMMITTED only';
  END IF;
  IF EXISTS (SELECT FROM links WHERE account_id = OLD.id) THEN
    RAISE foreign_key_violation USING TABLE = 'accounts', MESSAGE = 'the account has links';
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
-- safe: it refuses what the foreign key refused.
CREATE TRIGGER accounts_keep_links AFTER DELETE ON accounts
  FOR EACH ROW EXECUTE FUNCTION check_links_of_account();
--> statement-breakpoint
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE feature_not_supported USING MESSAGE = format('%s.%s does not change', TG_TABLE_NAME, TG_ARGV[0]);
END
$$;
--> statement-breakpoint
-- safe: no version changes an id.
CREATE TRIGGER accounts_keep_id BEFORE UPDATE OF id ON accounts FOR EACH ROW
  WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION refuse_change('id');
--> statement-breakpoint
-- safe: no version gives a link to another account.
CREATE TRIGGER links_keep_account BEFORE UPDATE OF account_id ON links FOR EACH ROW
  WHEN (OLD.account_id <> NEW.account_id) EXECUTE FUNCTION refuse_change('account_id');
--> statement-breakpoint
-- Chunks are read once and emptied: to compress them costs more than to write them.
ALTER TABLE import_chunks ALTER COLUMN content SET STORAGE EXTERNAL;
--> statement-breakpoint
-- COPY returns no ids: they are taken beforehand.
GRANT USAGE ON SEQUENCE links_id_seq TO shortstack_create;
