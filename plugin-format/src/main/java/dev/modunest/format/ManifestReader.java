package dev.modunest.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.ManifestFields.Rule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code plugin.json} and reports every field that is wrong. Thread-safe. */
final class ManifestReader {

    static final int MANIFEST_VERSION = 1;
    static final int MAX_REQUIRES = 500;
    static final int MAX_EXPORTS = 1_000;
    static final int MAX_PERMISSIONS = 100;
    static final int MAX_CATEGORIES = 10;

    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER = 100;
    private static final String NAME = "[A-Za-z_$][A-Za-z0-9_$]*";
    private static final Pattern QUALIFIED = Pattern.compile(NAME + "(?:\\." + NAME + ")*");
    private static final Pattern PERMISSION =
            Pattern.compile("[a-z][a-z0-9-]*(?:\\.[a-z][a-z0-9-]*)*:[!-~]+");
    private static final Pattern KEBAB = Pattern.compile("[a-z0-9]+(?:-[a-z0-9]+)*");
    private static final Pattern LINE = Pattern.compile("[^\\x00-\\x1f\\x7f]*");
    private static final Pattern TEXT = Pattern.compile("[^\\x00-\\x08\\x0b-\\x1f\\x7f]*");
    private static final Pattern LICENSE = Pattern.compile("[A-Za-z0-9.+() -]+");
    private static final Pattern HOMEPAGE = Pattern.compile("https?://[!-~]+");

    private static final Rule PART = new Rule(64, PluginId::isPart, PluginId.RULE);
    private static final Rule VERSION =
            new Rule(
                    Version.MAX_LENGTH,
                    ManifestReader::isCanonical,
                    "a version in canonical form without build metadata, as 1.4.0 or 2.0.0-rc.1");
    private static final Rule KIND =
            new Rule(7, Set.of("plugin", "library")::contains, "a kind: write plugin or library");
    private static final Rule CLASS =
            new Rule(512, matching(QUALIFIED), "the binary name of a class, as acme.Main");
    private static final Rule PACKAGE =
            new Rule(512, matching(QUALIFIED), "the name of a package, as acme.api");
    private static final Rule TITLE =
            new Rule(100, matching(LINE), "a line of 1 to 100 characters");
    private static final Rule DESCRIPTION =
            new Rule(4_000, matching(TEXT), "a text of 1 to 4000 characters");
    private static final Rule PLUGIN =
            new Rule(
                    129,
                    text -> PluginId.tryParse(text).isPresent(),
                    "a plugin id: write namespace/name");
    private static final Rule RANGE =
            new Rule(
                    256,
                    text -> VersionRange.tryParse(text).isPresent(),
                    "a version range: write ^1.2, ~1.2.3, >=1 <2 or 1.x");
    private static final Rule PERMISSION_RULE =
            new Rule(
                    256,
                    matching(PERMISSION),
                    "a permission: write kind:argument, as net.out:api.example.com:443");
    private static final Rule CATEGORY =
            new Rule(50, matching(KEBAB), "a category: lower-case words joined by hyphens");
    private static final Rule LICENSE_RULE =
            new Rule(200, matching(LICENSE), "an SPDX licence expression, as Apache-2.0");
    private static final Rule HOMEPAGE_RULE =
            new Rule(2_000, matching(HOMEPAGE), "an http or https URL");

    private static final ObjectMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .maxNumberLength(MAX_NUMBER)
                                                    .build())
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /** A manifest, its text and the pointers of the fields that are not known. */
    record Read(Manifest manifest, String json, List<String> unknownFields) {}

    private ManifestReader() {}

    /** Reads a manifest; empty when something is wrong, which is then among the findings. */
    static Optional<Read> read(byte[] bytes, Findings findings) {
        Optional<String> json = EntryNames.decode(bytes);
        if (json.isEmpty()) {
            findings.add(ArchiveCode.MANIFEST_NOT_JSON, "", "the manifest is not UTF-8");
            return Optional.empty();
        }
        try {
            JsonNode node = JSON.readTree(json.get());
            if (node instanceof ObjectNode object) {
                return read(object, json.get(), findings);
            }
            findings.add(ArchiveCode.MANIFEST_NOT_JSON, "", "the manifest is not a JSON object");
        } catch (JsonProcessingException malformed) {
            findings.add(
                    ArchiveCode.MANIFEST_NOT_JSON,
                    "",
                    EntryNames.shown(malformed.getOriginalMessage()) + place(malformed));
        }
        return Optional.empty();
    }

    private static String place(JsonProcessingException malformed) {
        return malformed.getLocation() == null
                ? ""
                : " at line "
                        + malformed.getLocation().getLineNr()
                        + ", column "
                        + malformed.getLocation().getColumnNr();
    }

    private static Optional<Read> read(ObjectNode object, String json, Findings findings) {
        Findings own = new Findings();
        ManifestFields fields = new ManifestFields(object, "", own);
        List<String> unknown = new ArrayList<>();
        fields.exactly("manifest_version", MANIFEST_VERSION);
        Optional<String> namespace = fields.text("namespace", true, PART);
        Optional<String> name = fields.text("name", true, PART);
        Optional<String> version = fields.text("version", true, VERSION);
        boolean library = fields.text("kind", false, KIND).filter("library"::equals).isPresent();
        Optional<String> entryPoint = fields.text("entry_point", !library, CLASS);
        if (library && object.has("entry_point")) {
            fields.value("/entry_point", "a library has no entry point");
        }
        Optional<String> title = fields.text("title", false, TITLE);
        Optional<String> description = fields.text("description", false, DESCRIPTION);
        Optional<String> self = namespace.flatMap(ns -> name.map(plain -> ns + "/" + plain));
        List<Dependency> requires = requires(fields, self.orElse(""), own, unknown);
        Optional<VersionRange> host = fields.text("host", false, RANGE).map(VersionRange::parse);
        List<String> exports = fields.texts("exports", MAX_EXPORTS, PACKAGE);
        List<String> permissions = fields.texts("permissions", MAX_PERMISSIONS, PERMISSION_RULE);
        List<String> categories = fields.texts("categories", MAX_CATEGORIES, CATEGORY);
        Optional<String> license = fields.text("license", false, LICENSE_RULE);
        Optional<String> homepage = fields.text("homepage", false, HOMEPAGE_RULE);
        unknown.addAll(0, fields.unknown());
        own.problems().forEach(findings::add);
        if (!own.isEmpty() || self.isEmpty() || version.isEmpty()) {
            return Optional.empty();
        }
        Manifest manifest =
                new Manifest(
                        Coordinate.parse(self.get() + "@" + version.get()),
                        library ? Manifest.Kind.LIBRARY : Manifest.Kind.PLUGIN,
                        entryPoint,
                        title,
                        description,
                        requires,
                        host,
                        exports,
                        permissions,
                        categories,
                        license,
                        homepage);
        return Optional.of(new Read(manifest, json, List.copyOf(unknown)));
    }

    private static List<Dependency> requires(
            ManifestFields fields, String self, Findings findings, List<String> unknown) {
        Map<PluginId, Dependency> requires = new LinkedHashMap<>();
        for (ManifestFields item : fields.objects("requires", MAX_REQUIRES)) {
            Optional<PluginId> plugin = item.text("plugin", true, PLUGIN).map(PluginId::parse);
            Optional<VersionRange> range = item.text("range", true, RANGE).map(VersionRange::parse);
            boolean optional = item.flag("optional");
            unknown.addAll(item.unknown());
            if (plugin.isEmpty() || range.isEmpty()) {
                continue;
            }
            Dependency dependency = new Dependency(plugin.get(), range.get(), optional);
            if (plugin.get().toString().equals(self)) {
                findings.add(
                        ArchiveCode.SELF_REQUIREMENT, item.pointer(), "the plugin requires itself");
            } else if (requires.putIfAbsent(plugin.get(), dependency) != null) {
                findings.add(
                        ArchiveCode.DUPLICATE_REQUIREMENT,
                        item.pointer(),
                        plugin.get() + " is required twice");
            }
        }
        return List.copyOf(requires.values());
    }

    /** Reports what the manifest names and the jar does not have. */
    static void checkContents(Manifest manifest, List<LocalEntry> entries, Findings findings) {
        Set<String> packages = new HashSet<>();
        Set<String> classes = new HashSet<>();
        for (LocalEntry entry : entries) {
            if (entry.isClass()) {
                classes.add(entry.name);
                int slash = entry.name.lastIndexOf('/');
                packages.add(slash < 0 ? "" : entry.name.substring(0, slash));
            }
        }
        manifest.entryPoint()
                .map(name -> name.replace('.', '/') + ".class")
                .filter(path -> !classes.contains(path))
                .ifPresent(
                        path ->
                                findings.add(
                                        ArchiveCode.ENTRY_POINT_NOT_FOUND,
                                        "/entry_point",
                                        "the jar has no entry " + path));
        for (int i = 0; i < manifest.exports().size(); i++) {
            String path = manifest.exports().get(i).replace('.', '/');
            if (!packages.contains(path)) {
                findings.add(
                        ArchiveCode.EXPORT_NOT_FOUND,
                        "/exports/" + i,
                        String.format(Locale.ROOT, "the jar has no class in %s/", path));
            }
        }
    }

    private static boolean isCanonical(String text) {
        return Version.tryParse(text)
                .filter(version -> version.toString().equals(text))
                .isPresent();
    }

    private static java.util.function.Predicate<String> matching(Pattern pattern) {
        return text -> pattern.matcher(text).matches();
    }
}
