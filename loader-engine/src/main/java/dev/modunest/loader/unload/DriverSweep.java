package dev.modunest.loader.unload;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.modunest.loader.isolate.PluginClassLoader;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * JDBC drivers that a plugin registered. {@code DriverManager} shows a driver only to code that can
 * load its class, so that a class is made in the plugin's loader which asks for them.
 */
final class DriverSweep implements Leftovers.Sweep {

    private static final String CLASS_NAME = "dev.modunest.loader.unload.Drivers";
    private static final ClassDesc JDBC = ClassDesc.of("java.sql.DriverManager");
    private static final ClassDesc DRIVER = ClassDesc.of("java.sql.Driver");
    private static final ClassDesc ALL = ClassDesc.of("java.util.Enumeration");

    @Override
    public List<String> close(PluginClassLoader loader) throws ReflectiveOperationException {
        if (!loader.hasLinked("java.sql.DriverManager")) {
            return List.of();
        }
        Class<?> drivers = loader.defineBeside(CLASS_NAME, DriverSweep::classFile);
        Method all = drivers.getMethod("all");
        Method deregister = drivers.getMethod("deregister", Object.class);
        List<String> closed = new ArrayList<>();
        for (Object driver : Collections.list((Enumeration<?>) all.invoke(null))) {
            if (Leftovers.isOf(driver, loader)) {
                deregister.invoke(null, driver);
                closed.add("JDBC driver " + driver.getClass().getName() + " was deregistered");
            }
        }
        return closed;
    }

    private static byte[] classFile() {
        return ClassFile.of()
                .build(
                        ClassDesc.of(CLASS_NAME),
                        type ->
                                type.withFlags(ClassFile.ACC_PUBLIC)
                                        .withMethodBody(
                                                "all",
                                                MethodTypeDesc.of(ALL),
                                                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                                code ->
                                                        code.invokestatic(
                                                                        JDBC,
                                                                        "getDrivers",
                                                                        MethodTypeDesc.of(ALL))
                                                                .areturn())
                                        .withMethodBody(
                                                "deregister",
                                                MethodTypeDesc.of(CD_void, CD_Object),
                                                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                                code ->
                                                        code.aload(0)
                                                                .checkcast(DRIVER)
                                                                .invokestatic(
                                                                        JDBC,
                                                                        "deregisterDriver",
                                                                        MethodTypeDesc.of(
                                                                                CD_void, DRIVER))
                                                                .return_()));
    }
}
