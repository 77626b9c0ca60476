package dev.modunest.samples.markdown;

import dev.modunest.samples.htmlclean.api.HtmlCleaner;
import dev.modunest.samples.htmlclean.api.Policy;
import dev.modunest.samples.markdown.api.MarkdownRenderer;
import dev.modunest.samples.markdown.api.RenderedPage;

import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.text.TextContentRenderer;

import java.util.ArrayList;
import java.util.List;

/** {@link MarkdownRenderer} by commonmark-java; what it renders goes through the cleaner. */
final class CommonmarkRenderer implements MarkdownRenderer {

    private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());

    private final Parser parser = Parser.builder().extensions(EXTENSIONS).build();
    private final HtmlRenderer html = HtmlRenderer.builder().extensions(EXTENSIONS).build();
    private final TextContentRenderer text =
            TextContentRenderer.builder().extensions(EXTENSIONS).build();
    private final HtmlCleaner cleaner;

    CommonmarkRenderer(HtmlCleaner cleaner) {
        this.cleaner = cleaner;
    }

    @Override
    public RenderedPage render(String markdown) {
        Node document = parser.parse(markdown);
        String clean = cleaner.clean(html.render(document), Policy.ARTICLE).html();
        document.accept(new TagRemoval());
        return new RenderedPage(clean.strip(), text.render(document), headings(document));
    }

    /** Takes the HTML tags out, which the text renderer would print. */
    private static final class TagRemoval extends AbstractVisitor {

        @Override
        public void visit(HtmlInline tag) {
            tag.unlink();
        }

        @Override
        public void visit(HtmlBlock block) {
            block.unlink();
        }
    }

    private List<RenderedPage.Heading> headings(Node document) {
        List<RenderedPage.Heading> headings = new ArrayList<>();
        document.accept(
                new AbstractVisitor() {
                    @Override
                    public void visit(Heading heading) {
                        headings.add(
                                new RenderedPage.Heading(
                                        heading.getLevel(), text.render(heading).strip()));
                    }
                });
        return headings;
    }
}
