CREATE TABLE "runtime_settings" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"settings" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_by" text NOT NULL
);
--> statement-breakpoint
-- create's administrators change them; every service may read them.
GRANT SELECT, INSERT, UPDATE ON runtime_settings TO shortstack_create;
--> statement-breakpoint
GRANT SELECT ON runtime_settings TO shortstack_redirect, shortstack_redirect_jobs, shortstack_worker;
