package dev.modunest.samples.generator;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_Long;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;

/** The entry point of a generated plugin, see {@link PluginClasses}. */
final class EntryPointClass {

    /** The resource beside the entry point. */
    static final String FILLER = "data.bin";

    private static final String LOADER = "dev.modunest.loader.";
    private static final ClassDesc PLUGIN = ClassDesc.of(LOADER + "Plugin");
    private static final ClassDesc CONTEXT = ClassDesc.of(LOADER + "PluginContext");
    private static final ClassDesc OPERATOR = ClassDesc.of(UnaryOperator.class.getName());
    private static final ClassDesc STREAM = ClassDesc.of(InputStream.class.getName());
    private static final ClassDesc CHECKSUM = ClassDesc.of(CRC32.class.getName());
    private static final ClassDesc REFUSAL = ClassDesc.of(IllegalStateException.class.getName());
    private static final MethodTypeDesc NO_ARGUMENTS = MethodTypeDesc.of(CD_void);

    private final PlannedPlugin plugin;
    private final long fillerChecksum;
    private final ClassDesc self;

    EntryPointClass(PlannedPlugin plugin, long fillerChecksum) {
        this.plugin = plugin;
        this.fillerChecksum = fillerChecksum;
        this.self = ClassDesc.of(plugin.entryPoint());
    }

    byte[] bytes() {
        return ClassFile.of()
                .build(
                        self,
                        type ->
                                type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL)
                                        .withSuperclass(CD_Object)
                                        .withInterfaceSymbols(PLUGIN, OPERATOR)
                                        .withMethodBody(
                                                "<init>",
                                                NO_ARGUMENTS,
                                                ClassFile.ACC_PUBLIC,
                                                PluginClasses::constructor)
                                        .withMethodBody(
                                                "start",
                                                MethodTypeDesc.of(CD_void, CONTEXT),
                                                ClassFile.ACC_PUBLIC,
                                                this::start)
                                        .withMethodBody(
                                                "apply",
                                                MethodTypeDesc.of(CD_Object, CD_Object),
                                                ClassFile.ACC_PUBLIC,
                                                this::apply));
    }

    /** Checks the resource, touches a class of everything required, offers itself. */
    private void start(CodeBuilder code) {
        checkFiller(code);
        for (String required : PluginClasses.required(plugin)) {
            code.lconst_1();
            PluginClasses.callMix(code, required);
            code.pop2();
        }
        code.aload(1).loadConstant(OPERATOR).aload(0);
        code.invokeinterface(CONTEXT, "provide", MethodTypeDesc.of(CD_void, CD_Class, CD_Object));
        code.return_();
    }

    private void checkFiller(CodeBuilder code) {
        int bytes = 2;
        int checksum = 3;
        Label right = code.newLabel();
        code.loadConstant(self).loadConstant(FILLER);
        code.invokevirtual(CD_Class, "getResourceAsStream", MethodTypeDesc.of(STREAM, CD_String));
        code.invokevirtual(STREAM, "readAllBytes", MethodTypeDesc.of(CD_byte.arrayType()));
        code.astore(bytes);
        code.new_(CHECKSUM).dup().invokespecial(CHECKSUM, "<init>", NO_ARGUMENTS).astore(checksum);
        code.aload(checksum).aload(bytes);
        code.invokevirtual(CHECKSUM, "update", MethodTypeDesc.of(CD_void, CD_byte.arrayType()));
        code.aload(checksum).invokevirtual(CHECKSUM, "getValue", MethodTypeDesc.of(CD_long));
        code.loadConstant(fillerChecksum).lcmp().ifeq(right);
        code.new_(REFUSAL).dup().loadConstant(FILLER + " of " + plugin.coordinate() + " differs");
        code.invokespecial(REFUSAL, "<init>", MethodTypeDesc.of(CD_void, CD_String)).athrow();
        code.labelBinding(right);
    }

    /** Answers {@code <name> <16 hex digits> with <names required>}. */
    private void apply(CodeBuilder code) {
        int hash = 2;
        List<String> required = PluginClasses.required(plugin);
        code.aload(1).invokevirtual(CD_Object, "hashCode", MethodTypeDesc.of(CD_int));
        code.i2l().lstore(hash).lload(hash);
        PluginClasses.callMix(code, plugin.name());
        for (String each : required) {
            code.lload(hash);
            PluginClasses.callMix(code, each);
            code.ladd();
        }
        code.invokestatic(CD_Long, "toHexString", MethodTypeDesc.of(CD_String, CD_long));
        code.astore(hash);
        code.loadConstant(plugin.coordinate() + " ").aload(hash);
        concat(code);
        code.loadConstant(required.isEmpty() ? "" : " with " + String.join(" ", required));
        concat(code);
        code.areturn();
    }

    private static void concat(CodeBuilder code) {
        code.invokevirtual(CD_String, "concat", MethodTypeDesc.of(CD_String, CD_String));
    }
}
