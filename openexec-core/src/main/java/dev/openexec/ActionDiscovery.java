package dev.openexec;

import dev.openexec.action.Action;
import dev.openexec.action.ActionName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds installed actions by name. A provider's name is read from its annotation: only those that were asked for are
 * instantiated, and the classes of the others are not even initialised.
 */
@SuppressWarnings("rawtypes") // a service is looked up by its raw class
final class ActionDiscovery {

    private ActionDiscovery() {}

    /** @throws IllegalArgumentException if a name is not there exactly once, or its action cannot be made */
    static List<Action<?>> find(Collection<String> names) {
        List<Action<?>> found = new ArrayList<>();
        try {
            List<ServiceLoader.Provider<Action>> installed = installed();
            for (String name : names) {
                found.add(only(name, installed).get());
            }
        } catch (ServiceConfigurationError e) {
            throw new IllegalArgumentException(
                    "An installed action cannot be loaded: " + e.getMessage() + because(e.getCause()), e);
        }
        return found;
    }

    private static String because(@Nullable Throwable cause) {
        return cause == null ? "" : " (" + cause.getClass().getName() + ")";
    }

    private static List<ServiceLoader.Provider<Action>> installed() {
        return ServiceLoader.load(Action.class).stream().toList();
    }

    private static ServiceLoader.Provider<Action> only(String name, List<ServiceLoader.Provider<Action>> installed) {
        List<ServiceLoader.Provider<Action>> named =
                installed.stream().filter(provider -> isNamed(provider, name)).toList();
        if (named.size() != 1) {
            throw new IllegalArgumentException(
                    (named.isEmpty() ? "No installed action is named " : "Several installed actions are named ")
                            + name
                            + "; installed, by META-INF/services and @ActionName, are "
                            + names(installed));
        }
        return named.get(0);
    }

    private static String names(List<ServiceLoader.Provider<Action>> installed) {
        return installed.stream()
                .map(provider -> provider.type().getAnnotation(ActionName.class))
                .filter(Objects::nonNull)
                .map(ActionName::value)
                .sorted()
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static boolean isNamed(ServiceLoader.Provider<Action> provider, String name) {
        ActionName annotation = provider.type().getAnnotation(ActionName.class);
        return annotation != null && annotation.value().equals(name);
    }
}
