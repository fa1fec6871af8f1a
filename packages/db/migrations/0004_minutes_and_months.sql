CREATE TABLE "link_minutes" (
	"link_id" bigint NOT NULL,
	"minute_at" timestamp with time zone NOT NULL,
	"clicks" integer NOT NULL,
	"bots" integer NOT NULL,
	CONSTRAINT "link_minutes_link_id_minute_at_pk" PRIMARY KEY("link_id","minute_at")
) PARTITION BY RANGE ("minute_at");
--> statement-breakpoint
CREATE TABLE "link_months" (
	"link_id" bigint NOT NULL,
	"month" date NOT NULL,
	"clicks" bigint NOT NULL,
	"dimensions" smallint[] NOT NULL,
	"values" text[] NOT NULL,
	"value_clicks" bigint[] NOT NULL,
	CONSTRAINT "link_months_link_id_month_pk" PRIMARY KEY("link_id","month")
);
--> statement-breakpoint
GRANT CREATE ON SCHEMA public TO shortstack_worker;
--> statement-breakpoint
ALTER TABLE link_minutes OWNER TO shortstack_worker;
--> statement-breakpoint
REVOKE CREATE ON SCHEMA public FROM shortstack_worker;
--> statement-breakpoint
-- As before, and for link_minutes: its rows are updated again and again, and a page needs room for that.
-- safe: for the other tables it does what it did.
CREATE OR REPLACE FUNCTION ensure_day_partition(parent text, day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  partition text := format('%s_%s', parent, to_char(day, 'YYYYMMDD'));
  midnight text := CASE parent WHEN 'daily_visitors' THEN '' ELSE ' 00:00:00+00' END;
BEGIN
  IF parent NOT IN ('clicks', 'daily_visitors', 'link_minutes') THEN
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
  EXECUTE format('CREATE TABLE partitions.%I (LIKE public.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS) WITH (fillfactor = %s)',
    partition, parent, CASE parent WHEN 'link_minutes' THEN 70 ELSE 100 END);
  EXECUTE format(
    'ALTER TABLE public.%I ATTACH PARTITION partitions.%I FOR VALUES FROM (%L) TO (%L)',
    parent, partition,
    to_char(day, 'YYYY-MM-DD') || midnight,
    to_char(day + 1, 'YYYY-MM-DD') || midnight
  );
END
$$;
--> statement-breakpoint

GRANT SELECT ON link_minutes, link_months TO shortstack_create;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON link_minutes TO shortstack_redirect_jobs;
--> statement-breakpoint
-- worker adds up what redirect-jobs has counted.
GRANT SELECT ON link_totals, link_days, link_dimensions TO shortstack_worker;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON link_months TO shortstack_worker;
