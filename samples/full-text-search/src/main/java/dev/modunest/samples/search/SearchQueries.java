package dev.modunest.samples.search;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.QueryBuilder;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words, phrases, prefixes and unwanted words as a Lucene query over title and body. */
final class SearchQueries {

    private static final Pattern PART =
            Pattern.compile("(-?)(?:\"([^\"]*)\"|([\\p{L}\\p{N}]+)\\*|(\\S+))");
    private static final int MAX_PARTS = 64;
    private static final float TITLE_BOOST = 3;

    private final QueryBuilder builder;

    SearchQueries(Analyzer analyzer) {
        builder = new QueryBuilder(analyzer);
    }

    /**
     * A query and what it wants.
     *
     * @param wanted words and prefixes, without operators
     */
    record Parsed(Query query, List<String> wanted) {}

    Parsed parse(String text) {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        List<String> wanted = new ArrayList<>();
        Matcher part = PART.matcher(text);
        int parts = 0;
        while (part.find()) {
            if (++parts > MAX_PARTS) {
                throw new IllegalArgumentException(
                        "a search has at most " + MAX_PARTS + " words and phrases");
            }
            Query query = anywhere(part);
            if (query != null) {
                boolean unwanted = !part.group(1).isEmpty();
                all.add(query, unwanted ? Occur.MUST_NOT : Occur.MUST);
                if (!unwanted) {
                    wanted.add(part.group());
                }
            }
        }
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException("'" + text + "' has no word to look for");
        }
        return new Parsed(all.build(), List.copyOf(wanted));
    }

    /** Null when the part is punctuation alone. */
    private @Nullable Query anywhere(Matcher part) {
        Query title = inField(LuceneIndex.TITLE, part);
        Query body = inField(LuceneIndex.BODY, part);
        if (title == null || body == null) {
            return null;
        }
        return new BooleanQuery.Builder()
                .add(new BoostQuery(title, TITLE_BOOST), Occur.SHOULD)
                .add(body, Occur.SHOULD)
                .build();
    }

    private @Nullable Query inField(String field, Matcher part) {
        String phrase = part.group(2);
        String prefix = part.group(3);
        if (prefix != null) {
            return new PrefixQuery(new Term(field, prefix.toLowerCase(Locale.ROOT)));
        }
        return phrase != null
                ? builder.createPhraseQuery(field, phrase)
                : builder.createPhraseQuery(field, part.group(4));
    }
}
