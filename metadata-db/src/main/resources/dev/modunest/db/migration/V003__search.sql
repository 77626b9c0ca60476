-- Search: what is found by its words, in which order, and what imitates what.

-- ASCII punctuation parts words. A text is searched by its words as they are and by their English stems.
create function word_text(text text) returns text language sql immutable strict parallel safe
    return regexp_replace(text, '[!-/:-@\[-`{-~]+', ' ', 'g');
create function search_words(text text) returns tsvector language sql immutable strict parallel safe
    return strip(to_tsvector('pg_catalog.simple', word_text(text)) || to_tsvector('pg_catalog.english', word_text(text)));
create function joined(words text[]) returns text language sql immutable strict parallel safe
    return array_to_string(words, ' ');

-- What has all of the words (letters and digits only), the last of them as the beginning of a word when it has two characters or more.
-- Words such as "the" count only when they are last.
create function search_query(words text[]) returns tsquery language plpgsql immutable strict parallel safe as $$
declare
    every tsquery;
    stem  tsquery;
    word  tsquery;
begin
    for i in 1 .. cardinality(words) loop
        stem := plainto_tsquery('pg_catalog.english', words[i]);
        continue when i < cardinality(words) and numnode(stem) = 0;
        word := case when i = cardinality(words) and length(words[i]) > 1
                     then to_tsquery('pg_catalog.simple', quote_literal(words[i]) || ':*')
                     else plainto_tsquery('pg_catalog.simple', words[i]) end || stem;
        every := case when every is null then word else every && word end;
    end loop;
    return every;
end $$;

-- In tenths: ten times the downloads of 30 days are 23 points; a release of today has 20 points, which fade with 180 days; a verified
-- namespace has 15. A whole number, so that few rows change as time passes.
create function rank_score(downloads_30d bigint, updated_at timestamptz, verified boolean, now timestamptz) returns int
    language sql immutable parallel safe
    return round(10 * ln(1 + downloads_30d)
        + 20 * exp(-greatest(0, extract(epoch from now - updated_at)) / (180 * 86400))
        + case when verified then 15 else 0 end);

-- listed: has a live release; the newest one describes the plugin, deprecated and updated_at are of it. The ranking job keeps downloads_30d,
-- downloads_total (late by up to 1 %), rank_score, imitates (a look-alike of that plugin) and popular_keys (of the most downloaded
-- plugins only: the keys by which look-alikes of it are found).
alter table plugins
    add column listed          boolean not null default true,
    add column deprecated      boolean not null default false,
    add column imitates        bigint references plugins (id),
    add column downloads_30d   bigint  not null default 0,
    add column downloads_total bigint  not null default 0,
    add column rank_score      int     not null default 0,
    add column popular_keys    text[],
    add column demoted         boolean not null generated always as (deprecated or imitates is not null) stored,
    add column name_words      tsvector not null generated always as (
        search_words(name) || search_words(replace(name, '-', '')) || search_words(coalesce(title, ''))) stored,
    add column all_words       tsvector not null generated always as (
        search_words(namespace) || search_words(name) || search_words(replace(name, '-', '')) || search_words(coalesce(title, ''))
        || search_words(coalesce(description, '')) || search_words(joined(categories))) stored;

-- Without fastupdate, as every search would read the list of what is pending.
create index plugins_name_words on plugins using gin (name_words) with (fastupdate = off) where listed;
create index plugins_all_words on plugins using gin (all_words) with (fastupdate = off) where listed;
create index plugins_categories on plugins using gin (categories) with (fastupdate = off) where listed;
create index plugins_license on plugins (lower(license)) where listed;
-- The planner reads no statistics of the expression of a partial index.
create statistics plugins_license_values on (lower(license)) from plugins;
create index plugins_joined_name on plugins (replace(name, '-', '')) where listed;
create index plugins_rank on plugins (rank_score desc, id desc) where listed and not demoted;
create index plugins_rank_demoted on plugins (rank_score desc, id desc) where listed and demoted;
create index plugins_downloads on plugins (downloads_total desc, id desc) where listed;
create index plugins_updated on plugins (updated_at desc, id desc) where listed;
create index plugins_created on plugins (created_at desc, id desc) where listed;
create index plugins_name on plugins (name collate "C", id) where listed;
create index plugins_imitates on plugins (imitates) where imitates is not null;
create index plugins_popular_keys on plugins using gin (popular_keys) with (fastupdate = off) where popular_keys is not null;

-- The words of all names, to find the one that was meant. keys: the word and every text that is the word without one character; two words
-- that are one typing slip apart have one in common.
create function slip_keys(word text) returns text[] language sql immutable strict parallel safe
    return array(select word union select left(word, i - 1) || substr(word, i + 1) from generate_series(1, length(word)) i);
create table name_words (
    word text collate "C" primary key,
    keys text[] not null generated always as (slip_keys(word)) stored
);
create index name_words_keys on name_words using gin (keys) with (fastupdate = off);
create index name_words_trigrams on name_words using gin (word gin_trgm_ops) with (fastupdate = off);
create function keep_name_words() returns trigger language plpgsql as $$
begin
    -- In order, so that concurrent inserts wait for each other instead of dead-locking.
    insert into name_words
    select distinct word collate "C" as word
    from added, string_to_table(name, '-') as word
    where length(word) between 3 and 32 and word !~ '[0-9]'
    order by word
    on conflict do nothing;
    return null;
end $$;
create trigger plugins_name_words after insert on plugins
    referencing new table as added for each statement execute function keep_name_words();
insert into name_words
select distinct word from plugins, string_to_table(name, '-') as word where length(word) between 3 and 32 and word !~ '[0-9]';

-- Downloads of a plugin on all days before ranking.folded_before; they outlive the partitions of those days.
create table downloads_folded (
    plugin_id bigint primary key,
    count     bigint not null
);
create table ranking (
    single        boolean primary key default true check (single),
    folded_before date not null
);
insert into ranking (folded_before) values ('2000-01-01');
