package dev.modunest.loader.isolate;

import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.loader.verify.VerifiedArtifact;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The classes and resources of one verified artifact: its own entries, then those of the jars in
 * its {@code META-INF/lib/}, in the order of their names. Thread-safe.
 */
final class PluginJar implements AutoCloseable {

    private static final String LIBRARIES = "META-INF/lib/";
    private static final String INSIDE = "!/";
    private static final String SCHEME = "modunest";

    private final Coordinate coordinate;
    private final List<Part> parts;
    private final String address;
    private final URLStreamHandler handler = new EntryHandler();
    private final URL root;
    private volatile boolean closed;

    /**
     * One jar.
     *
     * @param name of the entry that it is; empty for the artifact itself
     * @param variants the entries that stand for a name on this JVM
     */
    private record Part(String name, JarIndex index, Map<String, String> variants) {

        static Part of(String name, ByteBuffer content) throws IOException {
            JarIndex index = JarIndex.of(content);
            return new Part(name, index, MultiRelease.variants(index, Runtime.version().feature()));
        }

        /** No entry is looked for as a variant when there is none. */
        private String standing(String entry) {
            return variants.isEmpty() ? entry : variants.getOrDefault(entry, entry);
        }

        boolean contains(String entry) {
            return index.contains(entry) || variants.containsKey(entry);
        }

        byte @Nullable [] read(String entry) throws IOException {
            return index.read(standing(entry));
        }
    }

    private PluginJar(Coordinate coordinate, List<Part> parts) {
        this.coordinate = coordinate;
        this.parts = parts;
        PluginId plugin = coordinate.plugin();
        String path = "/" + plugin.name() + "@" + coordinate.version() + "/";
        this.address = SCHEME + "://" + plugin.namespace() + path;
        this.root = root(plugin.namespace(), path);
    }

    static PluginJar of(VerifiedArtifact artifact) throws IOException {
        Part own = Part.of("", artifact.content());
        List<Part> parts = new ArrayList<>();
        parts.add(own);
        for (String library : libraries(own.index())) {
            byte[] content = own.read(library);
            if (content != null) {
                parts.add(library(library, content));
            }
        }
        return new PluginJar(artifact.manifest().coordinate(), parts);
    }

    private static List<String> libraries(JarIndex jar) {
        List<String> libraries = new ArrayList<>();
        for (String name : jar.metaInf()) {
            if (name.startsWith(LIBRARIES)
                    && name.endsWith(".jar")
                    && name.indexOf('/', LIBRARIES.length()) < 0) {
                libraries.add(name);
            }
        }
        if (libraries.size() > 1) {
            Collections.sort(libraries);
        }
        return libraries;
    }

    private static Part library(String name, byte[] content) throws IOException {
        try {
            return Part.of(name, ByteBuffer.wrap(content));
        } catch (IndexOutOfBoundsException damaged) {
            throw new IOException(name + " is damaged", damaged);
        }
    }

    boolean contains(String name) {
        for (Part part : parts) {
            if (part.contains(name)) {
                return true;
            }
        }
        return false;
    }

    /** The entries that are classes of the artifact itself; its libraries are used in parts. */
    List<String> classNames() {
        List<String> names = new ArrayList<>();
        for (String name : parts.getFirst().index().names()) {
            if (name.endsWith(".class")
                    && !name.startsWith("META-INF/")
                    && !name.equals("module-info.class")) {
                names.add(name);
            }
        }
        return names;
    }

    /** The bytes of the first entry {@code name}; null when there is none. */
    byte @Nullable [] read(String name) throws IOException {
        if (closed) {
            throw new IOException(coordinate + " has been unloaded");
        }
        for (int i = 0; i < parts.size(); i++) { // no iterator for each class
            byte[] bytes = parts.get(i).read(name);
            if (bytes != null) {
                return bytes;
            }
        }
        return null;
    }

    /** {@code library.jar!/entry}, or an entry of the artifact itself. */
    private byte @Nullable [] readAt(String path) throws IOException {
        int inside = path.indexOf(INSIDE);
        if (inside >= 0) {
            for (Part part : parts) {
                if (part.name().equals(path.substring(0, inside))) {
                    return part.read(path.substring(inside + INSIDE.length()));
                }
            }
        }
        return read(path);
    }

    /** The addresses of all entries {@code name}, the one that {@link #read} gives first. */
    List<URL> urls(String name) {
        List<URL> urls = new ArrayList<>();
        for (Part part : parts) {
            if (part.contains(name)) {
                urls.add(url(part.name().isEmpty() ? name : part.name() + INSIDE + name));
            }
        }
        return urls;
    }

    /**
     * The address of an entry, {@code modunest://namespace/name@version/entry}; it opens by this
     * object only.
     */
    private URL url(String entry) {
        try {
            URI uri = new URI(SCHEME, root.getHost(), root.getPath() + entry, null);
            return URL.of(uri, handler);
        } catch (URISyntaxException | MalformedURLException impossible) {
            throw new IllegalStateException("every entry name can be quoted", impossible);
        }
    }

    /** The address of the artifact. */
    URL root() {
        return root;
    }

    /** Names and versions have no character that must be quoted, which would cost each plugin. */
    @SuppressWarnings(
            "deprecation") // the constructor does not check, and there is nothing to check
    private URL root(String host, String path) {
        try {
            return new URL(SCHEME, host, -1, path, handler);
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException("the handler is given", impossible);
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private final class EntryHandler extends URLStreamHandler {
        @Override
        protected URLConnection openConnection(URL url) {
            return new EntryConnection(url);
        }

        /** Asked for as the source of each class that is defined. */
        @Override
        @SuppressWarnings("ReferenceEquality") // URL.equals asks name servers
        protected String toExternalForm(URL url) {
            return url == root ? address : super.toExternalForm(url);
        }
    }

    private final class EntryConnection extends URLConnection {

        private byte @Nullable [] content;

        EntryConnection(URL url) {
            super(url);
        }

        @Override
        public void connect() throws IOException {
            content();
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new ByteArrayInputStream(content());
        }

        @Override
        public long getContentLengthLong() {
            try {
                return content().length;
            } catch (IOException absent) {
                return -1;
            }
        }

        private byte[] content() throws IOException {
            byte[] bytes = content;
            if (bytes == null) {
                bytes = readAt(entryName());
                if (bytes == null) {
                    throw new FileNotFoundException(url.toString());
                }
                content = bytes;
                connected = true;
            }
            return bytes;
        }

        private String entryName() {
            String path = URI.create(url.toString()).getPath();
            return path.substring(path.indexOf('/', 1) + 1);
        }
    }
}
