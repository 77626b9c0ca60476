package dev.modunest.loader.unload;

import dev.modunest.loader.isolate.PluginClassLoader;

import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.ResponseCache;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;

/** Settings of the whole JVM that are objects of a plugin, and resource bundles. */
final class PlatformSweep implements Leftovers.Sweep {

    @Override
    public List<String> close(PluginClassLoader loader) {
        List<String> closed = new ArrayList<>();
        if (loader.hasLinked("java.util.ResourceBundle")) {
            ResourceBundle.clearCache(loader);
        }
        Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
        if (handler != null && Leftovers.isOf(handler, loader)) {
            Thread.setDefaultUncaughtExceptionHandler(null);
            closed.add("the default handler of uncaught exceptions was removed");
        }
        if (loader.hasLinked("java.security.Provider")) {
            for (Provider provider : Security.getProviders()) {
                if (Leftovers.isOf(provider, loader)) {
                    Security.removeProvider(provider.getName());
                    closed.add("security provider " + provider.getName() + " was removed");
                }
            }
        }
        network(loader, closed);
        return closed;
    }

    private static void network(PluginClassLoader loader, List<String> closed) {
        if (loader.hasLinked("java.net.ProxySelector")) {
            ProxySelector proxies = ProxySelector.getDefault();
            if (proxies != null && Leftovers.isOf(proxies, loader)) {
                ProxySelector.setDefault(null);
                closed.add("the default proxy selector was removed");
            }
        }
        if (loader.hasLinked("java.net.Authenticator")) {
            Authenticator asked = Authenticator.getDefault();
            if (asked != null && Leftovers.isOf(asked, loader)) {
                Authenticator.setDefault(null);
                closed.add("the default authenticator was removed");
            }
        }
        if (loader.hasLinked("java.net.CookieHandler")) {
            CookieHandler cookies = CookieHandler.getDefault();
            if (cookies != null && Leftovers.isOf(cookies, loader)) {
                CookieHandler.setDefault(null);
                closed.add("the default cookie handler was removed");
            }
        }
        if (loader.hasLinked("java.net.ResponseCache")) {
            ResponseCache cache = ResponseCache.getDefault();
            if (cache != null && Leftovers.isOf(cache, loader)) {
                ResponseCache.setDefault(null);
                closed.add("the default response cache was removed");
            }
        }
    }
}
