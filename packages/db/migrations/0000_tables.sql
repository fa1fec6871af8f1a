CREATE SEQUENCE "public"."code_index" INCREMENT BY 1000 MINVALUE 0 MAXVALUE 9223372036854775807 START WITH 0 CACHE 1;--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"email" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"password_hash" text NOT NULL,
	"role" text DEFAULT 'user' NOT NULL,
	"session_tag" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "accounts_role_check" CHECK ("accounts"."role" in ('user', 'admin'))
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"prefix" text NOT NULL,
	"key_hash" text NOT NULL,
	"expires_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "clicks" (
	"clicked_at" timestamp with time zone NOT NULL,
	"link_id" bigint NOT NULL,
	"request_id" text NOT NULL,
	"visitor" bigint,
	"is_bot" boolean NOT NULL,
	"referrer" text,
	"country" text,
	"browser" text,
	"os" text,
	"device" text
) PARTITION BY RANGE ("clicked_at");
--> statement-breakpoint
CREATE TABLE "code_blocks" (
	"first_index" bigint PRIMARY KEY NOT NULL,
	"codes" text[] NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "code_key" (
	"only" boolean DEFAULT true NOT NULL,
	"key" "bytea" NOT NULL,
	CONSTRAINT "code_key_only_pk" PRIMARY KEY("only")
);
--> statement-breakpoint
CREATE TABLE "counted_batches" (
	"boot_id" uuid PRIMARY KEY NOT NULL,
	"sequences" "int8multirange" NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
) WITH (fillfactor = 70);
--> statement-breakpoint
CREATE TABLE "daily_visitors" (
	"day" date NOT NULL,
	"link_id" bigint NOT NULL,
	"visitor" bigint NOT NULL,
	CONSTRAINT "daily_visitors_day_link_id_visitor_pk" PRIMARY KEY("day","link_id","visitor")
) PARTITION BY RANGE ("day");
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"account_id" uuid NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"status" smallint NOT NULL,
	"body" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_account_id_key_pk" PRIMARY KEY("account_id","key")
);
--> statement-breakpoint
CREATE TABLE "link_days" (
	"link_id" bigint NOT NULL,
	"day" date NOT NULL,
	"clicks" integer NOT NULL,
	"bots" integer NOT NULL,
	"uniques" integer NOT NULL,
	CONSTRAINT "link_days_link_id_day_pk" PRIMARY KEY("link_id","day")
) WITH (fillfactor = 70);
--> statement-breakpoint
CREATE TABLE "link_dimensions" (
	"link_id" bigint NOT NULL,
	"day" date NOT NULL,
	"dimension" smallint NOT NULL,
	"value" text NOT NULL,
	"clicks" integer NOT NULL,
	CONSTRAINT "link_dimensions_link_id_day_dimension_value_pk" PRIMARY KEY("link_id","day","dimension","value")
) WITH (fillfactor = 70);
--> statement-breakpoint
CREATE TABLE "link_quarters" (
	"link_id" bigint NOT NULL,
	"quarter_at" timestamp with time zone NOT NULL,
	"clicks" integer NOT NULL,
	"bots" integer NOT NULL,
	CONSTRAINT "link_quarters_link_id_quarter_at_pk" PRIMARY KEY("link_id","quarter_at")
) WITH (fillfactor = 70);
--> statement-breakpoint
CREATE TABLE "link_totals" (
	"link_id" bigint PRIMARY KEY NOT NULL,
	"clicks" bigint NOT NULL,
	"bots" bigint NOT NULL,
	"last_clicked_at" timestamp with time zone NOT NULL
) WITH (fillfactor = 70);
--> statement-breakpoint
CREATE TABLE "links" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "links_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"account_id" uuid NOT NULL,
	"slug" text COLLATE "C" NOT NULL,
	"url" text NOT NULL,
	"title" text,
	"description" text,
	"favicon_url" text,
	"tags" text[] DEFAULT '{}' NOT NULL,
	"status" smallint DEFAULT 302 NOT NULL,
	"visibility" text DEFAULT 'public' NOT NULL,
	"password_hash" text,
	"expires_at" timestamp with time zone,
	"max_clicks" bigint,
	"spent_clicks" bigint DEFAULT 0 NOT NULL,
	"rules" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"forward_query" boolean DEFAULT false NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "links_status_check" CHECK ("links"."status" in (301, 302, 307, 308)),
	CONSTRAINT "links_visibility_check" CHECK ("links"."visibility" in ('public', 'private'))
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"type" text NOT NULL,
	"payload" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"published_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "visitor_salts" (
	"day" date PRIMARY KEY NOT NULL,
	"salt" "bytea" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "links" ADD CONSTRAINT "links_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "accounts_email_key" ON "accounts" USING btree ("email");--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_key_hash_key" ON "api_keys" USING btree ("key_hash");--> statement-breakpoint
CREATE INDEX "api_keys_account_id_idx" ON "api_keys" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "clicks_link_id_clicked_at_idx" ON "clicks" USING btree ("link_id","clicked_at");--> statement-breakpoint
CREATE INDEX "code_blocks_created_at_idx" ON "code_blocks" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "counted_batches_updated_at_idx" ON "counted_batches" USING btree ("updated_at");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "links_slug_key" ON "links" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "links_account_id_idx" ON "links" USING btree ("account_id","id") WHERE "links"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "links_tags_idx" ON "links" USING gin ("tags") WHERE "links"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "links_expires_at_idx" ON "links" USING btree ("expires_at") WHERE "links"."deleted_at" is null and "links"."expires_at" is not null;--> statement-breakpoint
CREATE INDEX "outbox_unpublished_idx" ON "outbox" USING btree ("id") WHERE "outbox"."published_at" is null;--> statement-breakpoint
CREATE INDEX "outbox_created_at_idx" ON "outbox" USING btree ("created_at");