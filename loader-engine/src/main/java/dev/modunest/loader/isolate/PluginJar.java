package dev.modunest.loader.isolate;

import dev.modunest.format.Coordinate;
import dev.modunest.loader.verify.VerifiedArtifact;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Map;

/** The classes and resources of one verified artifact. Thread-safe. */
final class PluginJar implements AutoCloseable {

    private final Coordinate coordinate;
    private final JarIndex index;
    private final Map<String, String> variants;
    private final URLStreamHandler handler = new EntryHandler();
    private volatile boolean closed;

    private PluginJar(VerifiedArtifact artifact, JarIndex index, Map<String, String> variants) {
        this.coordinate = artifact.manifest().coordinate();
        this.index = index;
        this.variants = variants;
    }

    static PluginJar of(VerifiedArtifact artifact) throws IOException {
        JarIndex index = JarIndex.of(artifact.content());
        return new PluginJar(
                artifact, index, MultiRelease.variants(index, Runtime.version().feature()));
    }

    boolean contains(String name) {
        return index.contains(name) || variants.containsKey(name);
    }

    byte @Nullable [] read(String name) throws IOException {
        if (closed) {
            throw new IOException(coordinate + " has been unloaded");
        }
        return index.read(variants.getOrDefault(name, name));
    }

    /**
     * The address of an entry, {@code modunest://namespace/name@version/entry}; it opens by this
     * object only.
     */
    URL url(String name) {
        try {
            URI uri =
                    new URI(
                            "modunest",
                            coordinate.plugin().namespace(),
                            "/"
                                    + coordinate.plugin().name()
                                    + "@"
                                    + coordinate.version()
                                    + "/"
                                    + name,
                            null);
            return URL.of(uri, handler);
        } catch (URISyntaxException | java.net.MalformedURLException impossible) {
            throw new IllegalStateException("every entry name can be quoted", impossible);
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
                bytes = read(entryName());
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
