package dev.modunest.samples.htmlclean;

import dev.modunest.samples.htmlclean.api.CleanHtml;
import dev.modunest.samples.htmlclean.api.HtmlCleaner;
import dev.modunest.samples.htmlclean.api.Policy;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.safety.Cleaner;
import org.jsoup.safety.Safelist;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@link HtmlCleaner} by jsoup's {@link Cleaner}. */
final class JsoupCleaner implements HtmlCleaner {

    @Override
    public CleanHtml clean(String html, Policy policy) {
        Document dirty = Jsoup.parseBodyFragment(html);
        Document clean = new Cleaner(safelist(policy)).clean(dirty);
        clean.outputSettings().prettyPrint(false);
        return new CleanHtml(clean.body().html(), removed(dirty, clean));
    }

    private static Safelist safelist(Policy policy) {
        Safelist safelist =
                switch (policy.elements()) {
                    case TEXT -> Safelist.none();
                    case INLINE -> Safelist.simpleText();
                    case COMMENT -> Safelist.basic();
                    case ARTICLE -> Safelist.relaxed().addTags("hr").removeTags("img");
                };
        if (policy.images()) {
            safelist.addTags("img")
                    .addAttributes("img", "alt", "height", "src", "title", "width")
                    .addProtocols("img", "src", "http", "https");
        }
        if (hasLinks(policy)) {
            if (policy.follow()) {
                safelist.removeEnforcedAttribute("a", "rel");
            } else {
                safelist.addEnforcedAttribute("a", "rel", "nofollow");
            }
        }
        return safelist;
    }

    private static boolean hasLinks(Policy policy) {
        return policy.elements().compareTo(Policy.Elements.COMMENT) >= 0;
    }

    private static List<String> removed(Document dirty, Document clean) {
        Map<String, Integer> kept = count(clean);
        return count(dirty).entrySet().stream()
                .filter(each -> each.getValue() > kept.getOrDefault(each.getKey(), 0))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private static Map<String, Integer> count(Document document) {
        Map<String, Integer> counts = new HashMap<>();
        for (Element element : document.body().getAllElements()) {
            counts.merge(element.normalName(), 1, Integer::sum);
        }
        return counts;
    }
}
