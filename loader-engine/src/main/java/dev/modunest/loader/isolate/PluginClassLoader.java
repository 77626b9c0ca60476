package dev.modunest.loader.isolate;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Manifest;
import dev.modunest.loader.verify.VerifiedArtifact;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * The classes of one plugin. A name is looked up in the JDK when it begins with {@code java.}, in
 * the host when its package is on the allow-list, then in the plugin itself, then in the required
 * plugin that exports its package, last in the platform modules of the JDK. Parallel capable.
 */
public final class PluginClassLoader extends ClassLoader implements AutoCloseable {

    static {
        registerAsParallelCapable();
    }

    private final Manifest manifest;
    private final PluginJar jar;
    private final NativeLibraries libraries;
    private final HostView host;
    private final Map<String, PluginClassLoader> imports;
    private final ProtectionDomain domain;
    private final LongAdder classes = new LongAdder();
    private final LongAdder classBytes = new LongAdder();

    private PluginClassLoader(
            Manifest manifest,
            PluginJar jar,
            HostView host,
            Map<String, PluginClassLoader> imports) {
        super(manifest.coordinate().toString(), getPlatformClassLoader());
        this.manifest = manifest;
        this.jar = jar;
        this.libraries = new NativeLibraries(jar);
        this.host = host;
        this.imports = imports;
        CodeSource source = new CodeSource(jar.url(""), (Certificate[]) null);
        this.domain = new ProtectionDomain(source, null, this, null);
    }

    /**
     * Wires {@code artifact} to the plugins it requires.
     *
     * @throws WiringException when two of them export the same package
     * @throws IOException when the jar cannot be indexed
     */
    public static PluginClassLoader of(
            VerifiedArtifact artifact, HostView host, List<PluginClassLoader> required)
            throws IOException, WiringException {
        return new PluginClassLoader(
                artifact.manifest(), PluginJar.of(artifact), host, importsFrom(required));
    }

    private static Map<String, PluginClassLoader> importsFrom(List<PluginClassLoader> required)
            throws WiringException {
        Map<String, PluginClassLoader> imports = new HashMap<>();
        for (PluginClassLoader exporter : required) {
            for (String packageName : exporter.manifest.exports()) {
                PluginClassLoader other = imports.putIfAbsent(packageName, exporter);
                if (other != null && other != exporter) {
                    throw new WiringException(
                            packageName, other.coordinate(), exporter.coordinate());
                }
            }
        }
        return imports;
    }

    public Coordinate coordinate() {
        return manifest.coordinate();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> found = findLoadedClass(name);
            if (found == null) {
                found = find(name);
            }
            if (resolve) {
                resolveClass(found);
            }
            return found;
        }
    }

    private Class<?> find(String name) throws ClassNotFoundException {
        if (name.startsWith("java.")) {
            return getPlatformClassLoader().loadClass(name);
        }
        String packageName = packageOf(name);
        if (host.shows(packageName)) {
            return host.classLoader().loadClass(name);
        }
        Class<?> own = define(name);
        if (own != null) {
            return own;
        }
        PluginClassLoader exporter = imports.get(packageName);
        if (exporter != null) {
            return exporter.loadClass(name);
        }
        return getPlatformClassLoader().loadClass(name);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        Class<?> own = define(name);
        if (own == null) {
            throw new ClassNotFoundException(name);
        }
        return own;
    }

    private @Nullable Class<?> define(String name) throws ClassNotFoundException {
        try {
            byte[] bytes = jar.read(name.replace('.', '/') + ".class");
            if (bytes == null) {
                return null;
            }
            classes.increment();
            classBytes.add(bytes.length);
            return defineClass(name, bytes, 0, bytes.length, domain);
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name + " of " + coordinate(), unreadable);
        }
    }

    private static String packageOf(String className) {
        int dot = className.lastIndexOf('.');
        return dot < 0 ? "" : className.substring(0, dot);
    }

    @Override
    public @Nullable URL getResource(String name) {
        URL own = findResource(name);
        if (own != null) {
            return own;
        }
        PluginClassLoader exporter = exporterOf(name);
        URL imported = exporter == null ? null : exporter.findResource(name);
        return imported != null ? imported : getPlatformClassLoader().getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> found = new ArrayList<>(Collections.list(findResources(name)));
        PluginClassLoader exporter = exporterOf(name);
        if (exporter != null) {
            found.addAll(Collections.list(exporter.findResources(name)));
        }
        found.addAll(Collections.list(getPlatformClassLoader().getResources(name)));
        return Collections.enumeration(found);
    }

    private @Nullable PluginClassLoader exporterOf(String resource) {
        int slash = resource.lastIndexOf('/');
        return slash < 0 ? null : imports.get(resource.substring(0, slash).replace('/', '.'));
    }

    @Override
    protected @Nullable URL findResource(String name) {
        List<URL> own = jar.contains(name) ? jar.urls(name) : List.of();
        return own.isEmpty() ? null : own.getFirst();
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        return Collections.enumeration(jar.urls(name));
    }

    @Override
    protected @Nullable String findLibrary(String name) {
        return libraries.find(name);
    }

    /** How many classes it has defined. */
    public long classes() {
        return classes.sum();
    }

    /** The bytes of their class files. */
    public long classBytes() {
        return classBytes.sum();
    }

    /**
     * What its classes refer to and do not find, one line each. Loads all of them.
     *
     * @throws IOException when the jar cannot be read
     */
    public List<String> linkFaults() throws IOException {
        return new LinkCheck(this, jar).faults();
    }

    /** Whether code of this plugin has been linked with the class {@code name}. */
    public boolean hasLinked(String name) {
        return findLoadedClass(name) != null;
    }

    /** A class of the engine among those of the plugin, made when it is first asked for. */
    public Class<?> defineBeside(String name, Supplier<byte[]> classFile) {
        synchronized (getClassLoadingLock(name)) {
            Class<?> made = findLoadedClass(name);
            if (made == null) {
                byte[] bytes = classFile.get();
                made = defineClass(name, bytes, 0, bytes.length, domain);
            }
            return made;
        }
    }

    /** Ends loading: classes that have not been used yet cannot be any more. */
    @Override
    public void close() {
        jar.close();
        libraries.close();
    }
}
