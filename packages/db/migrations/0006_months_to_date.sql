CREATE TABLE "link_months_to_date" (
	"link_id" bigint NOT NULL,
	"day" date NOT NULL,
	"clicks" bigint NOT NULL,
	"dimensions" smallint[] NOT NULL,
	"values" text[] NOT NULL,
	"value_clicks" bigint[] NOT NULL,
	-- Whether a row is still true is seen in the index, without reading its arrays.
	CONSTRAINT "link_months_to_date_link_id_day_pk" PRIMARY KEY("link_id","day") INCLUDE ("clicks")
);
--> statement-breakpoint
GRANT SELECT ON link_months_to_date TO shortstack_create;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON link_months_to_date TO shortstack_worker;
