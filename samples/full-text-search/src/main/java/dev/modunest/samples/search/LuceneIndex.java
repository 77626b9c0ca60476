package dev.modunest.samples.search;

import dev.modunest.samples.search.api.FullTextSearch;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** {@link FullTextSearch.Index} by Lucene on the heap. */
final class LuceneIndex implements FullTextSearch.Index {

    static final String TITLE = "title";
    static final String BODY = "body";
    private static final String ID = "id";
    private static final int MAX_HITS = 1000;

    private final Directory directory = new ByteBuffersDirectory();
    private final Analyzer analyzer = new StandardAnalyzer();
    private final SearchQueries queries = new SearchQueries(analyzer);
    private final Excerpts excerpts = new Excerpts(analyzer);
    private final IndexWriter writer;
    private final SearcherManager searchers;

    LuceneIndex() {
        try {
            writer = new IndexWriter(directory, new IndexWriterConfig(analyzer));
            searchers = new SearcherManager(writer, null);
        } catch (IOException impossible) {
            throw inMemory(impossible);
        }
    }

    @Override
    public void add(FullTextSearch.Document document) {
        Document fields = new Document();
        fields.add(new StringField(ID, document.id(), Field.Store.YES));
        fields.add(new TextField(TITLE, document.title(), Field.Store.YES));
        fields.add(new TextField(BODY, document.body(), Field.Store.NO));
        fields.add(new StoredField(BODY, document.body()));
        try {
            writer.updateDocument(new Term(ID, document.id()), fields);
        } catch (IOException impossible) {
            throw inMemory(impossible);
        }
    }

    @Override
    public void remove(String id) {
        try {
            writer.deleteDocuments(new Term(ID, id));
        } catch (IOException impossible) {
            throw inMemory(impossible);
        }
    }

    @Override
    public int size() {
        return withSearcher(searcher -> searcher.getIndexReader().numDocs());
    }

    @Override
    public List<FullTextSearch.Hit> search(String query, int limit) {
        if (limit < 1 || limit > MAX_HITS) {
            throw new IllegalArgumentException(
                    "a search gives 1 to " + MAX_HITS + " hits, not " + limit);
        }
        SearchQueries.Parsed parsed = queries.parse(query);
        return withSearcher(
                searcher -> {
                    List<FullTextSearch.Hit> hits = new ArrayList<>();
                    StoredFields stored = searcher.storedFields();
                    for (ScoreDoc found : searcher.search(parsed.query(), limit).scoreDocs) {
                        hits.add(hit(stored.document(found.doc), found.score, parsed));
                    }
                    return List.copyOf(hits);
                });
    }

    private FullTextSearch.Hit hit(Document fields, float score, SearchQueries.Parsed parsed)
            throws IOException {
        return new FullTextSearch.Hit(
                fields.get(ID),
                fields.get(TITLE),
                score,
                excerpts.of(fields.get(BODY), parsed.wanted()));
    }

    private interface Search<T> {

        T in(IndexSearcher searcher) throws IOException;
    }

    private <T> T withSearcher(Search<T> search) {
        try {
            searchers.maybeRefreshBlocking();
            IndexSearcher searcher = searchers.acquire();
            try {
                return search.in(searcher);
            } finally {
                searchers.release(searcher);
            }
        } catch (IOException impossible) {
            throw inMemory(impossible);
        }
    }

    @Override
    public void close() {
        try (directory;
                analyzer;
                writer;
                searchers) {
            writer.rollback();
        } catch (IOException impossible) {
            throw inMemory(impossible);
        }
    }

    private static UncheckedIOException inMemory(IOException failure) {
        return new UncheckedIOException("an index in memory", failure);
    }
}
