package dev.modunest.format;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What makes an archive a jar that is safe to load classes from. */
final class JarRules {

    private static final String MANIFEST_MF = "META-INF/MANIFEST.MF";
    private static final long MAX_MANIFEST_MF = 64 << 10;
    private static final String META_INF = "META-INF/";
    private static final String MODULE_INFO = "module-info.class";
    private static final List<String> RESERVED = List.of("java/", "sun/", "jdk/");
    private static final Pattern VERSIONED =
            Pattern.compile("META-INF/versions/([^/]+)/(.*)", Pattern.CASE_INSENSITIVE);

    private JarRules() {}

    static void check(List<LocalEntry> entries, Findings findings) {
        Set<String> baseClasses = new HashSet<>();
        for (LocalEntry entry : entries) {
            if (entry.isClass()) {
                baseClasses.add(entry.name);
            }
        }
        for (int i = 0; i < entries.size(); i++) {
            LocalEntry entry = entries.get(i);
            if (entry.name.equalsIgnoreCase(MANIFEST_MF)) {
                checkManifestMf(entry, i, findings);
            }
            Matcher versioned = VERSIONED.matcher(entry.name);
            if (versioned.matches()) {
                checkVersioned(entry, versioned.group(2), baseClasses, findings);
            } else {
                checkPackage(entry, entry.name, findings);
            }
        }
    }

    private static void checkManifestMf(LocalEntry entry, int index, Findings findings) {
        if (index > 1 || !entry.name.equals(MANIFEST_MF)) {
            findings.add(
                    ArchiveCode.MANIFEST_MF_MISPLACED,
                    entry.shown(),
                    "it is entry "
                            + (index + 1)
                            + " of the jar; "
                            + MANIFEST_MF
                            + " is the first or second");
        }
        if (entry.unpacked > MAX_MANIFEST_MF) {
            findings.add(
                    ArchiveCode.MANIFEST_MF_TOO_LARGE,
                    entry.shown(),
                    "it has " + entry.unpacked + " bytes; the limit is " + MAX_MANIFEST_MF);
        }
    }

    private static void checkVersioned(
            LocalEntry entry, String path, Set<String> baseClasses, Findings findings) {
        if (path.toUpperCase(Locale.ROOT).startsWith(META_INF)) {
            findings.add(
                    ArchiveCode.VERSIONED_META_INF,
                    entry.shown(),
                    "the entry stands for another in META-INF");
        }
        if (entry.isClass() && !path.equals(MODULE_INFO) && !baseClasses.contains(path)) {
            findings.add(
                    ArchiveCode.VERSIONED_CLASS,
                    entry.shown(),
                    "the jar has no class " + path + " that it is another version of");
        }
        checkPackage(entry, path, findings);
    }

    private static void checkPackage(LocalEntry entry, String path, Findings findings) {
        if (!entry.isClass()) {
            return;
        }
        for (String reserved : RESERVED) {
            if (path.startsWith(reserved)) {
                findings.add(
                        ArchiveCode.RESERVED_PACKAGE,
                        entry.shown(),
                        "the class is in " + reserved + ", which belongs to the platform");
            }
        }
    }
}
