-- What each service may do. The roles exist by now: migrate() makes them before the first migration.

-- Daily partitions live in a schema of worker's own: worker may make and drop partitions, and nothing else.
CREATE SCHEMA partitions AUTHORIZATION shortstack_worker;
--> statement-breakpoint
GRANT USAGE ON SCHEMA partitions TO shortstack_redirect_jobs, shortstack_create;
--> statement-breakpoint
GRANT CREATE ON SCHEMA public TO shortstack_worker;
--> statement-breakpoint
-- contract since 0000: no version has run on 0000 alone, which has no grants.
ALTER TABLE clicks OWNER TO shortstack_worker;
--> statement-breakpoint
-- contract since 0000: as above.
ALTER TABLE daily_visitors OWNER TO shortstack_worker;
--> statement-breakpoint
-- Makes the partition of `parent` for one UTC day, once, whoever asks and however often.
-- CREATE … LIKE and ATTACH take a lock that lets reads and writes of the parent go on.
CREATE FUNCTION ensure_day_partition(parent text, day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  partition text := format('%s_%s', parent, to_char(day, 'YYYYMMDD'));
BEGIN
  IF parent NOT IN ('clicks', 'daily_visitors') THEN
    RAISE EXCEPTION 'no partitioned table %', parent;
  END IF;
  IF to_regclass(format('partitions.%I', partition)) IS NOT NULL THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('ensure_day_partition'));
  -- Not to_regclass again: it may answer from a cache that is older than the lock.
  IF EXISTS (SELECT FROM pg_class WHERE relnamespace = 'partitions'::regnamespace AND relname = partition) THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE partitions.%I (LIKE public.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition, parent);
  EXECUTE format(
    'ALTER TABLE public.%I ATTACH PARTITION partitions.%I FOR VALUES FROM (%L) TO (%L)',
    parent, partition,
    to_char(day, 'YYYY-MM-DD') || CASE parent WHEN 'clicks' THEN ' 00:00:00+00' ELSE '' END,
    to_char(day + 1, 'YYYY-MM-DD') || CASE parent WHEN 'clicks' THEN ' 00:00:00+00' ELSE '' END
  );
END
$$;
--> statement-breakpoint
ALTER FUNCTION ensure_day_partition(text, date) OWNER TO shortstack_worker;
--> statement-breakpoint
REVOKE ALL ON FUNCTION ensure_day_partition(text, date) FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION ensure_day_partition(text, date) TO shortstack_worker, shortstack_redirect_jobs;
--> statement-breakpoint
REVOKE CREATE ON SCHEMA public FROM shortstack_worker;
--> statement-breakpoint

-- create: accounts, links, keys and the outbox; reads what redirect-jobs counts.
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts, links, api_keys, idempotency_keys, outbox TO shortstack_create;
--> statement-breakpoint
GRANT SELECT ON clicks, link_quarters, link_days, link_dimensions, link_totals TO shortstack_create;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON code_blocks TO shortstack_create;
--> statement-breakpoint
GRANT SELECT, INSERT ON code_key TO shortstack_create;
--> statement-breakpoint
GRANT USAGE ON SEQUENCE code_index TO shortstack_create;
--> statement-breakpoint

-- redirect: reads what it needs to answer, spends maxClicks, polls the outbox.
GRANT SELECT (id, account_id, slug, url, title, status, visibility, password_hash, expires_at, max_clicks, spent_clicks,
  rules, forward_query, version, created_at, deleted_at), UPDATE (spent_clicks) ON links TO shortstack_redirect;
--> statement-breakpoint
GRANT SELECT ON outbox TO shortstack_redirect;
--> statement-breakpoint

-- redirect-jobs: writes clicks and roll-ups; reads links to warm the cache and to name them in leaderboards.
GRANT SELECT (id, account_id, slug, url, title, status, visibility, password_hash, expires_at, max_clicks, spent_clicks,
  rules, forward_query, version, created_at, deleted_at) ON links TO shortstack_redirect_jobs;
--> statement-breakpoint
GRANT SELECT, INSERT ON clicks, daily_visitors TO shortstack_redirect_jobs;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON link_quarters, link_days, link_dimensions, link_totals, counted_batches TO shortstack_redirect_jobs;
--> statement-breakpoint
GRANT SELECT, INSERT ON visitor_salts TO shortstack_redirect_jobs;
--> statement-breakpoint

-- worker: codes, clean-up, retention.
GRANT SELECT, INSERT, DELETE ON code_blocks TO shortstack_worker;
--> statement-breakpoint
GRANT SELECT, INSERT ON code_key TO shortstack_worker;
--> statement-breakpoint
GRANT USAGE ON SEQUENCE code_index TO shortstack_worker;
--> statement-breakpoint
GRANT SELECT (id, account_id, slug, version, expires_at, deleted_at), UPDATE (version, updated_at, deleted_at) ON links TO shortstack_worker;
--> statement-breakpoint
GRANT SELECT, INSERT ON outbox TO shortstack_worker;
--> statement-breakpoint
GRANT SELECT (account_id, key, created_at), DELETE ON idempotency_keys TO shortstack_worker;
--> statement-breakpoint
GRANT SELECT (boot_id, updated_at), DELETE ON counted_batches TO shortstack_worker;
--> statement-breakpoint
GRANT SELECT (day), DELETE ON visitor_salts TO shortstack_worker;
