package dev.modunest.standalone.synthetic;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.IndexEntry;

import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;

/** What a plugin says of itself, the same in all its releases, as its manifests have it. */
final class PluginText {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode manifest = JSON.createObjectNode();

    PluginText(PluginId id, Random random) {
        manifest.put("manifest_version", 1);
        manifest.put("namespace", id.namespace());
        manifest.put("name", id.name());
        manifest.put("version", "");
        manifest.put("title", title(id, random));
        manifest.put("description", description(id, random));
        manifest.put(
                "entry_point",
                (id.namespace() + "." + id.name()).replace("-", "_") + ".EntryPoint");
        ArrayNode categories = manifest.putArray("categories");
        categories(random).forEach(categories::add);
        if (random.nextInt(20) > 0) {
            manifest.put("license", Words.pickUsual(Words.LICENSES, random));
        }
        if (random.nextInt(3) > 0) {
            manifest.put("homepage", "https://" + id.namespace() + ".example/" + id.name());
        }
    }

    private static String title(PluginId id, Random random) {
        StringBuilder title = new StringBuilder();
        for (String word : id.name().split("-", -1)) {
            title.append(title.isEmpty() ? "" : " ")
                    .append(Character.toUpperCase(word.charAt(0)))
                    .append(word.substring(1));
        }
        if (random.nextInt(5) == 0) {
            title.append(" for ").append(Words.pickUsual(Words.TOPICS, random));
        }
        return title.toString();
    }

    private static String description(PluginId id, Random random) {
        String topic = Words.pickUsual(Words.TOPICS, random);
        String kind = Words.pickUsual(Words.KINDS, random);
        String first =
                switch (random.nextInt(4)) {
                    case 0 -> "A " + Words.pick(Words.QUALIFIERS, random) + " " + kind + " for ";
                    case 1 -> "Brings a " + kind + " to everything that speaks ";
                    case 2 -> "Connects your host with ";
                    default -> "The " + kind + " that " + id.namespace() + " uses for ";
                };
        return first
                + topic
                + ". Works with "
                + Words.pick(Words.TOPICS, random)
                + " and "
                + Words.pick(Words.TOPICS, random)
                + ", needs no "
                + Words.pick(Words.KINDS, random)
                + ", and keeps its "
                + Words.pick(Words.KINDS, random)
                + " "
                + Words.pick(Words.QUALIFIERS, random)
                + ".";
    }

    private static Set<String> categories(Random random) {
        Set<String> categories = new LinkedHashSet<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            categories.add(Words.pickUsual(Words.CATEGORIES, random));
        }
        return categories;
    }

    /** The manifest of that release. */
    String manifest(IndexEntry release) {
        ObjectNode json = manifest.deepCopy();
        json.put("version", release.coordinate().version().toString());
        release.host().ifPresent(range -> json.put("host", range.toString()));
        if (!release.requires().isEmpty()) {
            ArrayNode requires = json.putArray("requires");
            release.requires()
                    .forEach(
                            dependency ->
                                    requires.addObject()
                                            .put("plugin", dependency.plugin().toString())
                                            .put("range", dependency.range().toString())
                                            .put("optional", dependency.optional()));
        }
        return json.toString();
    }
}
