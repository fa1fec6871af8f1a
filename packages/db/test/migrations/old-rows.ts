/**
 * Rows as the versions wrote them that had a migration as their last, by its number: for the tables that it made, one row each at
 * least. Three people and a bot followed the first link on two days; nobody the second.
 */
export const oldRows: Readonly<Record<number, string>> = {
  1: `
    INSERT INTO accounts (id, email, password_hash, role, session_tag) VALUES
      ('00000000-0000-4000-8000-000000000001', 'one@example.com', '$argon2id$one', 'admin', 'tag-one'),
      ('00000000-0000-4000-8000-000000000002', 'two@example.com', '$argon2id$two', 'user', 'tag-two');
    INSERT INTO api_keys (account_id, name, scopes, prefix, key_hash)
      SELECT id, 'key', '{links:read}', 'sk_', 'hash of ' || email FROM accounts;
    INSERT INTO idempotency_keys (account_id, key, request_hash, status, body)
      SELECT id, 'once', 'hash', 201, '{"slug": "first"}' FROM accounts;
    INSERT INTO links (account_id, slug, url, title, tags, password_hash, expires_at, max_clicks, spent_clicks, rules, version, deleted_at) VALUES
      ('00000000-0000-4000-8000-000000000001', 'first', 'https://example.com/1', NULL, '{}', NULL, NULL, NULL, 0, '[]', 1, NULL),
      ('00000000-0000-4000-8000-000000000001', 'second', 'https://example.com/2', 'Two', '{a,b}', '$argon2id$', '2030-01-01Z', 9, 3,
        '[{"if": {"device": "mobile"}, "url": "https://m.example.com/"}]', 7, NULL),
      ('00000000-0000-4000-8000-000000000002', 'gone', 'https://example.com/3', NULL, '{}', NULL, NULL, NULL, 0, '[]', 2, '2026-01-03Z');
    INSERT INTO outbox (type, payload, published_at) VALUES
      ('link.created', '{"accountId": "00000000-0000-4000-8000-000000000001", "links": [{"id": 1, "slug": "first", "version": 1}]}', now()),
      ('link.deleted', '{"accountId": "00000000-0000-4000-8000-000000000002", "links": [{"id": 3, "slug": "gone", "version": 2}]}', NULL);
    INSERT INTO code_key (key) VALUES ('\\x0102');
    INSERT INTO code_blocks (first_index, codes) VALUES (nextval('code_index'), '{aZ3kQ9x,b7Tq2Lm}');
    INSERT INTO counted_batches (boot_id, sequences) VALUES ('00000000-0000-4000-8000-00000000000b', '{[0,3),[5,9)}');
    INSERT INTO visitor_salts (day, salt) VALUES ('2026-01-01', '\\x0a'), ('2026-01-02', '\\x0b');
    SELECT ensure_day_partition(parent, day) FROM unnest('{clicks,daily_visitors}'::text[]) parent,
      unnest('{2026-01-01,2026-01-02}'::date[]) day;
    INSERT INTO clicks (clicked_at, link_id, request_id, visitor, is_bot, country, browser) VALUES
      ('2026-01-01 10:07Z', 1, 'a', 11, false, 'PT', 'Firefox'), ('2026-01-01 10:08Z', 1, 'b', 12, false, 'PT', 'Chrome'),
      ('2026-01-01 11:00Z', 1, 'c', 13, true, NULL, NULL), ('2026-01-02 00:00Z', 1, 'd', 11, false, 'DE', 'Firefox');
    INSERT INTO daily_visitors VALUES ('2026-01-01', 1, 11), ('2026-01-01', 1, 12), ('2026-01-02', 1, 11);
    INSERT INTO link_quarters (link_id, quarter_at, clicks, bots) VALUES
      (1, '2026-01-01 10:00Z', 2, 0), (1, '2026-01-01 11:00Z', 0, 1), (1, '2026-01-02 00:00Z', 1, 0);
    INSERT INTO link_days (link_id, day, clicks, bots, uniques) VALUES (1, '2026-01-01', 2, 1, 2), (1, '2026-01-02', 1, 0, 1);
    INSERT INTO link_dimensions (link_id, day, dimension, value, clicks) VALUES
      (1, '2026-01-01', 1, 'PT', 2), (1, '2026-01-02', 1, 'DE', 1);
    INSERT INTO link_totals (link_id, clicks, bots, last_clicked_at) VALUES (1, 3, 1, '2026-01-02 00:00Z');`,
  2: `
    INSERT INTO runtime_settings (settings, updated_by) VALUES ('{"maintenance": false}', 'one@example.com');`,
  3: `
    INSERT INTO imports (id, account_id, rows) VALUES
      ('00000000-0000-4000-8000-00000000000c', '00000000-0000-4000-8000-000000000002', 2);
    INSERT INTO import_chunks (import_id, number, content) VALUES
      ('00000000-0000-4000-8000-00000000000c', 1, 'url' || chr(10) || 'https://example.com/4');
    INSERT INTO import_rejections (import_id, line, code, detail) VALUES
      ('00000000-0000-4000-8000-00000000000c', 3, 'VALIDATION_FAILED', 'no URL');`,
  4: `
    SELECT ensure_day_partition('link_minutes', day) FROM unnest('{2026-01-01,2026-01-02}'::date[]) day;
    INSERT INTO link_minutes (link_id, minute_at, clicks, bots) VALUES (1, '2026-01-01 10:07Z', 1, 0),
      (1, '2026-01-01 10:08Z', 1, 0), (1, '2026-01-01 11:00Z', 0, 1), (1, '2026-01-02 00:00Z', 1, 0);
    INSERT INTO link_months (link_id, month, clicks, dimensions, values, value_clicks) VALUES
      (1, '2026-01-01', 3, '{1,1}', '{PT,DE}', '{2,1}');`,
  6: `
    INSERT INTO link_months_to_date (link_id, day, clicks, dimensions, values, value_clicks) VALUES
      (1, '2026-01-02', 3, '{1,1}', '{PT,DE}', '{2,1}');`,
  8: `
    INSERT INTO identities (account_id, issuer, subject, email) VALUES
      ('00000000-0000-4000-8000-000000000002', 'https://issuer.example', 'two', 'two@example.com');
    INSERT INTO token_keys (generation, public_jwk, sealed_private_jwk, signs_from) VALUES
      (1, '{"kty": "OKP", "kid": "one"}', 'sealed', '2026-01-01Z');`,
  // `turbo gen service` adds rows above this line.
};
