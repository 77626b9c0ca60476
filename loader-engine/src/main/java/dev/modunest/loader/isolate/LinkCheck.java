package dev.modunest.loader.isolate;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Holds what the class files of a plugin refer to (JVMS 4.4) against the classes that it really
 * sees, before any of them runs: a class, method or field that is missing would be found when it is
 * used. Classes are loaded for it, and none is initialised.
 */
final class LinkCheck {

    /** Signature-polymorphic methods (JVMS 2.9.3) have no declaration to compare with. */
    private static final Set<String> POLYMORPHIC =
            Set.of(MethodHandle.class.getName(), VarHandle.class.getName());

    private static final int MOST_FAULTS = 20;

    private final ClassLoader loader;
    private final PluginJar jar;
    private final Set<String> faults = new TreeSet<>();

    LinkCheck(ClassLoader loader, PluginJar jar) {
        this.loader = loader;
        this.jar = jar;
    }

    /** What is missing, one line each, at most 20. */
    List<String> faults() throws IOException {
        for (String name : jar.classNames()) {
            byte[] bytes = jar.read(name);
            if (bytes != null && faults.size() < MOST_FAULTS) {
                check(name.substring(0, name.length() - ".class".length()), bytes);
            }
        }
        return new ArrayList<>(faults);
    }

    private void check(String user, byte[] bytes) {
        for (PoolEntry entry : ClassFile.of().parse(bytes).constantPool()) {
            switch (entry) {
                case MemberRefEntry member -> check(user, member);
                case ClassEntry type -> find(user, type.asInternalName());
                default -> {} // constants
            }
        }
    }

    private void check(String user, MemberRefEntry member) {
        String owner = member.owner().asInternalName();
        Class<?> type = find(user, owner);
        if (type == null || POLYMORPHIC.contains(type.getName())) {
            return;
        }
        String name = member.name().stringValue();
        String descriptor = member.type().stringValue();
        try {
            boolean there =
                    descriptor.startsWith("(")
                            ? hasMethod(type, name, MethodTypeDesc.ofDescriptor(descriptor))
                            : hasField(type, name);
            if (!there) {
                faults.add(
                        dotted(user)
                                + " needs "
                                + dotted(owner)
                                + "."
                                + name
                                + descriptor
                                + ", which "
                                + where(type)
                                + " lacks");
            }
        } catch (NoClassDefFoundError incomplete) {
            faults.add(
                    dotted(user)
                            + " needs "
                            + dotted(owner)
                            + ", which lacks "
                            + incomplete.getMessage());
        }
    }

    /** The class; null when it is an array or missing, which is noted. */
    private @Nullable Class<?> find(String user, String internalName) {
        if (internalName.startsWith("[")) {
            return null;
        }
        try {
            return Class.forName(dotted(internalName), false, loader);
        } catch (ClassNotFoundException missing) {
            faults.add(
                    dotted(user)
                            + " needs "
                            + dotted(internalName)
                            + ", which nobody has that it sees");
        } catch (LinkageError broken) {
            faults.add(
                    dotted(user)
                            + " needs "
                            + dotted(internalName)
                            + ", which is broken: "
                            + broken);
        }
        return null;
    }

    private static boolean hasMethod(Class<?> type, String name, MethodTypeDesc wanted) {
        if (name.equals("<init>")) {
            return List.of(type.getDeclaredConstructors()).stream()
                    .anyMatch(
                            made ->
                                    descriptor(made.getParameterTypes(), void.class)
                                            .equals(wanted.descriptorString()));
        }
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            if (declares(at, name, wanted)) {
                return true;
            }
            for (Class<?> contract : at.getInterfaces()) {
                if (hasMethod(contract, name, wanted)) {
                    return true;
                }
            }
        }
        return type.isInterface() && declares(Object.class, name, wanted);
    }

    private static boolean declares(Class<?> type, String name, MethodTypeDesc wanted) {
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals(name)
                    && descriptor(method.getParameterTypes(), method.getReturnType())
                            .equals(wanted.descriptorString())) {
                return true;
            }
        }
        return false;
    }

    private static String descriptor(Class<?>[] parameters, Class<?> result) {
        StringBuilder descriptor = new StringBuilder("(");
        for (Class<?> parameter : parameters) {
            descriptor.append(parameter.descriptorString());
        }
        return descriptor.append(')').append(result.descriptorString()).toString();
    }

    private static boolean hasField(Class<?> type, String name) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return true;
                }
            }
            for (Class<?> contract : at.getInterfaces()) {
                if (hasField(contract, name)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String where(Class<?> type) {
        ClassLoader from = type.getClassLoader();
        return from instanceof PluginClassLoader plugin
                ? plugin.coordinate().toString()
                : from == null || from.equals(ClassLoader.getPlatformClassLoader())
                        ? "this JDK"
                        : "the host";
    }

    private static String dotted(String internalName) {
        return internalName.replace('/', '.');
    }
}
