package dev.modunest.samples.sitesearch;

import dev.modunest.samples.markdown.api.MarkdownRenderer;
import dev.modunest.samples.markdown.api.RenderedPage;
import dev.modunest.samples.search.api.FullTextSearch;
import dev.modunest.samples.sitesearch.api.SiteSearch;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** {@link SiteSearch.Site} by the plugins that this one requires. */
final class MarkdownSite implements SiteSearch.Site {

    private final MarkdownRenderer renderer;
    private final FullTextSearch.Index index;
    private final Map<String, SiteSearch.Page> pages = new ConcurrentHashMap<>();

    MarkdownSite(MarkdownRenderer renderer, FullTextSearch search) {
        this.renderer = renderer;
        this.index = search.open();
    }

    @Override
    public SiteSearch.Page put(String path, String markdown) {
        RenderedPage rendered = renderer.render(markdown);
        String title = rendered.title().orElse(path);
        SiteSearch.Page page = new SiteSearch.Page(path, title, rendered.html());
        pages.put(path, page);
        index.add(new FullTextSearch.Document(path, title, rendered.text()));
        return page;
    }

    @Override
    public Optional<SiteSearch.Page> find(String path) {
        return Optional.ofNullable(pages.get(path));
    }

    @Override
    public List<SiteSearch.Result> search(String query, int limit) {
        return index.search(query, limit).stream()
                .flatMap(hit -> find(hit.id()).stream().map(page -> result(page, hit)))
                .toList();
    }

    private static SiteSearch.Result result(SiteSearch.Page page, FullTextSearch.Hit hit) {
        return new SiteSearch.Result(page, hit.excerpt());
    }

    @Override
    public void close() {
        index.close();
    }
}
