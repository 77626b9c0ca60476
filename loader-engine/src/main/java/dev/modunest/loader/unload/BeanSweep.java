package dev.modunest.loader.unload;

import dev.modunest.loader.isolate.PluginClassLoader;
import dev.modunest.loader.log.LoaderLog;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;

/** MBeans of classes of a plugin, in the servers that there are. */
final class BeanSweep implements Leftovers.Sweep {

    @Override
    public List<String> close(PluginClassLoader loader) throws ReflectiveOperationException {
        if (!loader.hasLinked("javax.management.MBeanServer")) {
            return List.of();
        }
        List<String> closed = new ArrayList<>();
        for (MBeanServer server : MBeanServerFactory.findMBeanServer(null)) {
            for (ObjectName name : server.queryNames(null, null)) {
                try {
                    if (loader.equals(server.getClassLoaderFor(name))) {
                        server.unregisterMBean(name);
                        closed.add("MBean " + name + " was unregistered");
                    }
                } catch (JMException goneMeanwhile) {
                    LoaderLog.get().log(Level.DEBUG, "an MBean went by itself", goneMeanwhile);
                }
            }
        }
        return closed;
    }
}
