package dev.modunest.samples.generator;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.modunest.format.Dependency;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The classes of a generated plugin, by the class-file API.
 *
 * <p>{@code api.PN} is exported: {@code long mix(long)} goes through every {@code StepK}, each an
 * xorshift with constants of its own (Marsaglia, "Xorshift RNGs", 2003). {@code PNPlugin} is the
 * entry point and the operator that it offers: its answer adds what {@code mix} of the plugin and
 * of everything that it requires make of the request.
 */
final class PluginClasses {

    private static final String STEP = "Step";
    private static final int FEWEST_STEPS = 3;
    private static final int MORE_STEPS = 6;
    private static final MethodTypeDesc LONG_TO_LONG = MethodTypeDesc.of(CD_long, CD_long);

    private final PlannedPlugin plugin;
    private final SplittableRandom random;
    private final int steps;

    private PluginClasses(PlannedPlugin plugin) {
        this.plugin = plugin;
        this.random = new SplittableRandom(plugin.seed());
        this.steps = FEWEST_STEPS + random.nextInt(MORE_STEPS);
    }

    /** The class files by entry name. */
    static Map<String, byte[]> of(PlannedPlugin plugin, long fillerChecksum) {
        PluginClasses classes = new PluginClasses(plugin);
        Map<String, byte[]> files = new LinkedHashMap<>();
        EntryPointClass entryPoint = new EntryPointClass(plugin, fillerChecksum);
        files.put(fileName(plugin.entryPoint()), entryPoint.bytes());
        files.put(fileName(plugin.apiClass()), classes.api());
        for (int step = 1; step <= classes.steps; step++) {
            files.put(fileName(classes.stepClass(step)), classes.step(step));
        }
        return files;
    }

    private static String fileName(String className) {
        return className.replace('.', '/') + ".class";
    }

    private String stepClass(int step) {
        return plugin.packageName() + "." + STEP + step;
    }

    /** Calls {@code mix} of the class that the plugin {@code name} exports. */
    static void callMix(CodeBuilder code, String name) {
        code.invokestatic(ClassDesc.of(PlannedPlugin.apiClass(name)), "mix", LONG_TO_LONG);
    }

    /** The names of the plugins required. */
    static List<String> required(PlannedPlugin plugin) {
        return plugin.requires().stream()
                .map(Dependency::plugin)
                .map(required -> required.name())
                .toList();
    }

    private byte[] api() {
        return ClassFile.of()
                .build(
                        ClassDesc.of(plugin.apiClass()),
                        type ->
                                type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL)
                                        .withSuperclass(CD_Object)
                                        .withMethodBody(
                                                "mix",
                                                LONG_TO_LONG,
                                                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                                this::mix)
                                        .withMethodBody(
                                                "name",
                                                MethodTypeDesc.of(CD_String),
                                                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                                code ->
                                                        code.loadConstant(
                                                                        plugin.coordinate()
                                                                                .toString())
                                                                .areturn()));
    }

    private void mix(CodeBuilder code) {
        code.lload(0);
        for (int step = 1; step <= steps; step++) {
            code.invokestatic(ClassDesc.of(stepClass(step)), "apply", LONG_TO_LONG);
        }
        code.lreturn();
    }

    private byte[] step(int step) {
        int rounds = random.nextInt(8, 64);
        long addend = random.nextLong();
        int[] shifts = {random.nextInt(3, 24), random.nextInt(3, 24), random.nextInt(3, 24)};
        return ClassFile.of()
                .build(
                        ClassDesc.of(stepClass(step)),
                        type ->
                                type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL)
                                        .withSuperclass(CD_Object)
                                        .withMethodBody(
                                                "apply",
                                                LONG_TO_LONG,
                                                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                                code -> xorshift(code, rounds, addend, shifts)));
    }

    private static void xorshift(CodeBuilder code, int rounds, long addend, int[] shifts) {
        int round = 2;
        Label again = code.newLabel();
        Label done = code.newLabel();
        code.iconst_0().istore(round);
        code.labelBinding(again).iload(round).loadConstant(rounds).if_icmpge(done);
        code.lload(0).lload(0).loadConstant(shifts[0]).lshl().lxor().lstore(0);
        code.lload(0).lload(0).loadConstant(shifts[1]).lushr().lxor().lstore(0);
        code.lload(0).lload(0).loadConstant(shifts[2]).lshl().lxor().lstore(0);
        code.lload(0).loadConstant(addend).ladd().lstore(0);
        code.iinc(round, 1).goto_(again);
        code.labelBinding(done).lload(0).lreturn();
    }

    /** A constructor that calls the one of {@link Object}. */
    static void constructor(CodeBuilder code) {
        code.aload(0).invokespecial(CD_Object, "<init>", MethodTypeDesc.of(CD_void)).return_();
    }
}
