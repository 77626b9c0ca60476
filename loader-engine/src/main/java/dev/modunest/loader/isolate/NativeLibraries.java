package dev.modunest.loader.isolate;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Native libraries of one plugin, {@code META-INF/native/<os>-<arch>/<file>} as in {@code
 * linux-x86_64/libfoo.so}: the JDK loads libraries from files only, so that they are unpacked into
 * a folder of their own, which goes when the plugin is unloaded. Thread-safe.
 */
final class NativeLibraries implements AutoCloseable {

    private final PluginJar jar;
    private final Map<String, Path> unpacked = new HashMap<>();
    private @Nullable Path folder;

    NativeLibraries(PluginJar jar) {
        this.jar = jar;
    }

    /** The file of the library {@code name}; null when the plugin has none for this machine. */
    synchronized @Nullable String find(String name) {
        Path known = unpacked.get(name);
        if (known != null) {
            return known.toString();
        }
        String fileName = System.mapLibraryName(name);
        try {
            byte[] content = jar.read("META-INF/native/" + platform() + "/" + fileName);
            if (content == null) {
                return null;
            }
            Path target = folder;
            if (target == null) {
                target = Files.createTempDirectory("modunest-native");
                folder = target;
            }
            Path file = Files.write(target.resolve(fileName), content);
            unpacked.put(name, file);
            return file.toString();
        } catch (IOException failed) {
            throw new UncheckedIOException(fileName + " cannot be unpacked", failed);
        }
    }

    /** {@code linux-x86_64}, {@code macos-aarch64}, {@code windows-x86_64} ... */
    static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String os =
                system.startsWith("mac") ? "macos" : system.startsWith("win") ? "windows" : "linux";
        return os + "-" + (machine.equals("amd64") ? "x86_64" : machine);
    }

    @Override
    public synchronized void close() {
        try {
            for (Path file : unpacked.values()) {
                Files.deleteIfExists(file);
            }
            if (folder != null) {
                Files.deleteIfExists(folder);
            }
        } catch (IOException inUse) {
            for (Path file : unpacked.values()) {
                file.toFile().deleteOnExit(); // some systems keep files of loaded libraries
            }
        }
        unpacked.clear();
    }
}
