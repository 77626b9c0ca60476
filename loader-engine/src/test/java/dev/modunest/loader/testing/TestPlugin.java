package dev.modunest.loader.testing;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.MTD_void;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.Digest;
import dev.modunest.format.VersionRange;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.ReleaseStatus;
import dev.modunest.format.resolve.Requirement;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A plugin jar made in memory. Not thread-safe. */
public final class TestPlugin {

    private static final JsonMapper JSON = new JsonMapper();

    private final Coordinate coordinate;
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final List<Dependency> requires = new ArrayList<>();
    private final List<String> exports = new ArrayList<>();
    private final List<String> permissions = new ArrayList<>();
    private Optional<String> entryPoint = Optional.empty();
    private Optional<String> host = Optional.empty();
    private Optional<byte[]> jar = Optional.empty();

    private TestPlugin(Coordinate coordinate) {
        this.coordinate = coordinate;
    }

    /** A library, until it is given an entry point. */
    public static TestPlugin of(String coordinate) {
        return new TestPlugin(Coordinate.parse(coordinate));
    }

    /** A plugin that records {@code start <name>} and {@code stop <name>}. */
    public static TestPlugin recording(String coordinate) {
        TestPlugin plugin = of(coordinate);
        String name = coordinate.substring(coordinate.indexOf('/') + 1, coordinate.indexOf('@'));
        String className = "p." + name.replace('-', '_') + ".Entry";
        return plugin.entry(className.replace('.', '/') + ".class", recorder(className, name))
                .entryPoint(className);
    }

    private static byte[] recorder(String className, String name) {
        ClassDesc host = ClassDesc.of(Recorder.class.getName());
        MethodTypeDesc start =
                MethodTypeDesc.of(CD_void, ClassDesc.of("dev.modunest.loader.PluginContext"));
        MethodTypeDesc record = MethodTypeDesc.of(CD_void, CD_String);
        return ClassFile.of()
                .build(
                        ClassDesc.of(className),
                        type ->
                                type.withInterfaceSymbols(
                                                ClassDesc.of("dev.modunest.loader.Plugin"))
                                        .withMethodBody(
                                                "<init>",
                                                MTD_void,
                                                ClassFile.ACC_PUBLIC,
                                                code ->
                                                        code.aload(0)
                                                                .invokespecial(
                                                                        CD_Object, "<init>",
                                                                        MTD_void)
                                                                .return_())
                                        .withFlags(ClassFile.ACC_PUBLIC)
                                        .withMethodBody(
                                                "start",
                                                start,
                                                ClassFile.ACC_PUBLIC,
                                                code ->
                                                        code.ldc("start " + name)
                                                                .invokestatic(
                                                                        host, "record", record)
                                                                .return_())
                                        .withMethodBody(
                                                "stop",
                                                MTD_void,
                                                ClassFile.ACC_PUBLIC,
                                                code ->
                                                        code.ldc("stop " + name)
                                                                .invokestatic(
                                                                        host, "record", record)
                                                                .return_()));
    }

    public TestPlugin requires(String plugin, String range) {
        return requires(plugin, range, false);
    }

    public TestPlugin requires(String plugin, String range, boolean optional) {
        Requirement requirement = Requirement.parse(plugin + "@" + range);
        requires.add(new Dependency(requirement.plugin(), requirement.range(), optional));
        return this;
    }

    public TestPlugin exports(String packageName) {
        exports.add(packageName);
        return this;
    }

    public TestPlugin permission(String permission) {
        permissions.add(permission);
        return this;
    }

    public List<String> permissions() {
        return List.copyOf(permissions);
    }

    public TestPlugin host(String range) {
        host = Optional.of(range);
        return this;
    }

    public TestPlugin entryPoint(String className) {
        entryPoint = Optional.of(className);
        return this;
    }

    public TestPlugin entry(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    public TestPlugin entry(String name, String content) {
        return entry(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Compiles {@code source} and adds its classes, which may use those of {@code others}. */
    public TestPlugin source(String className, String source, TestPlugin... others) {
        Map<String, byte[]> classes = new HashMap<>(entries);
        for (TestPlugin other : others) {
            classes.putAll(other.entries);
        }
        entries.putAll(Sources.compile(className, source, classes));
        return this;
    }

    /** A plugin whose start runs {@code statements} with {@code context} in scope. */
    public TestPlugin starting(String statements, TestPlugin... others) {
        return plugin(
                "import dev.modunest.loader.testing.Recorder;",
                statements,
                "Recorder.record(\"stop " + coordinate.plugin().name() + "\");",
                others);
    }

    /** The same for a host that shows no recorder. */
    public TestPlugin startingUnrecorded(String statements) {
        return plugin("", statements, "");
    }

    private TestPlugin plugin(String imports, String start, String stop, TestPlugin... others) {
        String packageName = "p." + coordinate.plugin().name().replace('-', '_');
        return source(
                        packageName + ".Entry",
                        """
                        package %s;
                        import dev.modunest.loader.*;
                        %s
                        public class Entry implements Plugin {
                            @Override public void start(PluginContext context) throws Exception {
                                %s
                            }
                            @Override public void stop() {
                                %s
                            }
                        }
                        """
                                .formatted(packageName, imports, start, stop),
                        others)
                .entryPoint(packageName + ".Entry");
    }

    public Coordinate coordinate() {
        return coordinate;
    }

    public Digest digest() {
        return Digest.ofBytes(jar());
    }

    public IndexEntry index() {
        return new IndexEntry(
                coordinate,
                digest(),
                jar().length,
                requires,
                host.map(VersionRange::parse),
                ReleaseStatus.LIVE,
                Optional.empty());
    }

    /** The step of a plan, wired to {@code wired}. */
    public Plan.Step step(TestPlugin... wired) {
        return new Plan.Step(
                coordinate,
                digest(),
                jar().length,
                "/artifacts/sha256/" + digest().hex(),
                List.of(wired).stream().map(TestPlugin::coordinate).toList());
    }

    public Path writeTo(Path folder) throws IOException {
        return Files.write(folder.resolve(coordinate.fileName()), jar());
    }

    /** The bytes; from now on they stay the same. */
    public byte[] jar() {
        if (jar.isEmpty()) {
            jar = Optional.of(pack());
        }
        return jar.get();
    }

    private byte[] pack() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream out = new JarOutputStream(bytes)) {
            add(out, "META-INF/modunest/plugin.json", manifest());
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                add(out, entry.getKey(), entry.getValue());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void add(JarOutputStream out, String name, byte[] content) throws IOException {
        JarEntry entry = new JarEntry(name);
        entry.setTime(1_700_000_000_000L);
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }

    private byte[] manifest() throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("manifest_version", 1);
        json.put("namespace", coordinate.plugin().namespace());
        json.put("name", coordinate.plugin().name());
        json.put("version", coordinate.version().toString());
        entryPoint.ifPresentOrElse(
                name -> json.put("entry_point", name), () -> json.put("kind", "library"));
        requires.forEach(
                dependency ->
                        json.withArray("requires")
                                .addObject()
                                .put("plugin", dependency.plugin().toString())
                                .put("range", dependency.range().toString())
                                .put("optional", dependency.optional()));
        host.ifPresent(range -> json.put("host", range));
        exports.forEach(json.withArray("exports")::add);
        permissions.forEach(json.withArray("permissions")::add);
        return JSON.writeValueAsBytes(json);
    }

    /** The compiler of this JDK, from memory to memory. */
    private static final class Sources extends ForwardingJavaFileManager<JavaFileManager> {

        private final Map<String, byte[]> known;
        private final Map<String, ByteArrayOutputStream> made = new HashMap<>();

        private Sources(JavaFileManager files, Map<String, byte[]> known) {
            super(files);
            this.known = known;
        }

        static Map<String, byte[]> compile(
                String className, String source, Map<String, byte[]> known) {
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            DiagnosticCollector<JavaFileObject> faults = new DiagnosticCollector<>();
            Sources files =
                    new Sources(
                            compiler.getStandardFileManager(
                                    faults, Locale.ROOT, StandardCharsets.UTF_8),
                            known);
            boolean good =
                    compiler.getTask(
                                    null,
                                    files,
                                    faults,
                                    List.of(
                                            "-proc:none",
                                            "-cp",
                                            System.getProperty("java.class.path")),
                                    null,
                                    List.of(text(className, source)))
                            .call();
            if (!good) {
                throw new IllegalArgumentException(faults.getDiagnostics().toString());
            }
            Map<String, byte[]> classes = new HashMap<>();
            files.made.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
            return classes;
        }

        private static JavaFileObject text(String className, String source) {
            URI uri = URI.create("string:///" + className.replace('.', '/') + ".java");
            return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignoreErrors) {
                    return source;
                }
            };
        }

        @Override
        public Iterable<JavaFileObject> list(
                Location location,
                String packageName,
                Set<JavaFileObject.Kind> kinds,
                boolean recurse)
                throws IOException {
            List<JavaFileObject> found = new ArrayList<>();
            super.list(location, packageName, kinds, recurse).forEach(found::add);
            String folder = packageName.replace('.', '/') + "/";
            if (location.getName().equals("CLASS_PATH")) {
                known.forEach(
                        (name, bytes) -> {
                            if (name.endsWith(".class")
                                    && name.startsWith(folder)
                                    && name.indexOf('/', folder.length()) < 0) {
                                found.add(new InMemoryClass(name, bytes));
                            }
                        });
            }
            return found;
        }

        @Override
        public String inferBinaryName(Location location, JavaFileObject file) {
            return file instanceof InMemoryClass known
                    ? known.className()
                    : String.valueOf(super.inferBinaryName(location, file));
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            made.put(name.replace('.', '/') + ".class", bytes);
            URI uri = URI.create("mem:///" + name.replace('.', '/') + ".class");
            return new SimpleJavaFileObject(uri, kind) {
                @Override
                public ByteArrayOutputStream openOutputStream() {
                    return bytes;
                }
            };
        }
    }

    private static final class InMemoryClass extends SimpleJavaFileObject {

        private final String entry;
        private final byte[] bytes;

        InMemoryClass(String entry, byte[] bytes) {
            super(URI.create("mem:///" + entry), Kind.CLASS);
            this.entry = entry;
            this.bytes = bytes;
        }

        String className() {
            return entry.substring(0, entry.length() - ".class".length()).replace('/', '.');
        }

        @Override
        public ByteArrayInputStream openInputStream() {
            return new ByteArrayInputStream(bytes);
        }
    }
}
