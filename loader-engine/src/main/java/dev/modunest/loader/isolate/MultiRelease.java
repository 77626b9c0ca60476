package dev.modunest.loader.isolate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** Which entry of a multi-release jar stands for a name on this JVM (JAR specification). */
final class MultiRelease {

    private static final String VERSIONS = "META-INF/versions/";

    private MultiRelease() {}

    /** For each name that has a newer variant, the entry with the highest version up to ours. */
    static Map<String, String> variants(JarIndex jar, int feature) throws IOException {
        if (!hasVersions(jar) || !isMultiRelease(jar)) {
            return Map.of();
        }
        Map<String, Integer> best = new HashMap<>();
        for (String entry : jar.metaInf()) {
            int slash = entry.indexOf('/', VERSIONS.length());
            if (!entry.startsWith(VERSIONS) || slash < 0) {
                continue;
            }
            int version = version(entry.substring(VERSIONS.length(), slash));
            if (version <= feature) {
                best.merge(entry.substring(slash + 1), version, Math::max);
            }
        }
        Map<String, String> variants = HashMap.newHashMap(best.size());
        best.forEach((name, version) -> variants.put(name, VERSIONS + version + "/" + name));
        return variants;
    }

    private static boolean hasVersions(JarIndex jar) {
        for (String entry : jar.metaInf()) {
            if (entry.startsWith(VERSIONS)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMultiRelease(JarIndex jar) throws IOException {
        byte[] bytes = jar.read(JarFile.MANIFEST_NAME);
        if (bytes == null) {
            return false;
        }
        Attributes main = new Manifest(new ByteArrayInputStream(bytes)).getMainAttributes();
        return "true".equalsIgnoreCase(main.getValue(Attributes.Name.MULTI_RELEASE));
    }

    private static int version(String text) {
        return text.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(text) : Integer.MAX_VALUE;
    }
}
