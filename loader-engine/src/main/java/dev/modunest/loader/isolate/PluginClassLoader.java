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
import java.util.concurrent.atomic.AtomicLong;
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

    private static final ClassLoader PLATFORM = getPlatformClassLoader();

    private final Manifest manifest;
    private final PluginJar jar;
    private final NativeLibraries libraries;
    private final HostView host;
    private final Map<String, PluginClassLoader> imports;
    private final ProtectionDomain domain;
    private final AtomicLong classes = new AtomicLong();
    private final AtomicLong classBytes = new AtomicLong();

    private PluginClassLoader(
            Manifest manifest,
            PluginJar jar,
            HostView host,
            Map<String, PluginClassLoader> imports) {
        super(manifest.coordinate().toString(), PLATFORM);
        this.manifest = manifest;
        this.jar = jar;
        this.libraries = new NativeLibraries(jar);
        this.host = host;
        this.imports = imports;
        CodeSource source = new CodeSource(jar.root(), (Certificate[]) null);
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

    /** One method, as each that leads to {@code defineClass} would be compiled with all of it. */
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> found = findLoadedClass(name);
            if (found == null) {
                String packageName = packageOf(name);
                ClassLoader shown = visibleElsewhere(name, packageName);
                byte[] own = shown == null ? read(name) : null;
                if (shown != null) {
                    found = shown.loadClass(name);
                } else if (own != null) {
                    found = defineClass(name, own, 0, own.length, domain);
                } else {
                    found = importedFrom(packageName).loadClass(name);
                }
            }
            if (resolve) {
                resolveClass(found);
            }
            return found;
        }
    }

    /** Who has the classes of a package that a plugin cannot have of its own. */
    private @Nullable ClassLoader visibleElsewhere(String name, String packageName) {
        if (name.startsWith("java.")) {
            return PLATFORM;
        }
        return host.shows(packageName) ? host.classLoader() : null;
    }

    private ClassLoader importedFrom(String packageName) {
        PluginClassLoader exporter = imports.get(packageName);
        return exporter == null ? PLATFORM : exporter;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] own = read(name);
        if (own == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, own, 0, own.length, domain);
    }

    private byte @Nullable [] read(String className) throws ClassNotFoundException {
        try {
            byte[] bytes = jar.read(className.replace('.', '/').concat(".class"));
            if (bytes != null) {
                classes.incrementAndGet();
                classBytes.addAndGet(bytes.length);
            }
            return bytes;
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(className + " of " + coordinate(), unreadable);
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
        return imported != null ? imported : PLATFORM.getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> found = new ArrayList<>(Collections.list(findResources(name)));
        PluginClassLoader exporter = exporterOf(name);
        if (exporter != null) {
            found.addAll(Collections.list(exporter.findResources(name)));
        }
        found.addAll(Collections.list(PLATFORM.getResources(name)));
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
        return classes.get();
    }

    /** The bytes of their class files. */
    public long classBytes() {
        return classBytes.get();
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
