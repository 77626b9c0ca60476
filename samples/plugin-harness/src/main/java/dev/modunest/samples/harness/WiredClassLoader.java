package dev.modunest.samples.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;

/**
 * Sees the platform, the plugin-facing API of the engine, the packages imported from required
 * plugins and its own jar; nothing else of the class path of the test.
 */
final class WiredClassLoader extends URLClassLoader {

    private static final ClassLoader HOST = WiredClassLoader.class.getClassLoader();

    private final Map<String, ClassLoader> imports;

    WiredClassLoader(String name, Path jar, Map<String, ClassLoader> imports) {
        super(name, new URL[] {url(jar)}, ClassLoader.getPlatformClassLoader());
        this.imports = Map.copyOf(imports);
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(jar + " has no URL", e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        String packageName = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        if (packageName.equals("dev.modunest.loader")
                || packageName.equals("dev.modunest.format")) {
            return HOST.loadClass(name);
        }
        ClassLoader exporter = imports.get(packageName);
        return exporter == null ? super.loadClass(name, resolve) : exporter.loadClass(name);
    }

    @Override
    public void close() {
        try {
            super.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
