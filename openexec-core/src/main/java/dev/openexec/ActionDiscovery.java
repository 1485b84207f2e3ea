package dev.openexec;

import dev.openexec.action.Action;
import dev.openexec.action.ActionName;
import java.lang.annotation.AnnotationFormatError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
        if (!names.isEmpty()) {
            List<ServiceLoader.Provider<Action>> installed = installed();
            for (String name : names) {
                found.add(make(name, only(name, installed)));
            }
        }
        return found;
    }

    /** A registration that is not right is an error whoever is asked for: the name it would have is not known. */
    private static List<ServiceLoader.Provider<Action>> installed() {
        try {
            return ServiceLoader.load(Action.class).stream().toList();
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new IllegalArgumentException("An installed action cannot be loaded: " + words(e), e);
        }
    }

    private static ServiceLoader.Provider<Action> only(String name, List<ServiceLoader.Provider<Action>> installed) {
        List<ServiceLoader.Provider<Action>> named = installed.stream()
                .filter(provider -> name.equals(nameOf(provider)))
                .toList();
        if (named.isEmpty()) {
            throw new IllegalArgumentException("No installed action is named " + name + "; " + described(installed));
        }
        if (named.size() > 1) {
            throw new IllegalArgumentException("Several installed actions are named " + name + ": "
                    + list(named.stream().map(provider -> provider.type().getName())));
        }
        return named.get(0);
    }

    private static Action<?> make(String name, ServiceLoader.Provider<Action> provider) {
        Action<?> action;
        try {
            action = provider.get();
        } catch (ServiceConfigurationError e) {
            throw new IllegalArgumentException("Action " + name + " cannot be made: " + words(e), e);
        }
        if (!name.equals(BoundAction.nameOf(action))) {
            throw new IllegalArgumentException(
                    "Action " + name + " of " + action.getClass().getName() + " has another name()");
        }
        return action;
    }

    /** Where a module's provider method makes the action, the annotation is that of the type it declares. */
    private static @Nullable String nameOf(ServiceLoader.Provider<Action> provider) {
        try {
            ActionName annotation = provider.type().getAnnotation(ActionName.class);
            return annotation == null ? null : annotation.value();
        } catch (RuntimeException | LinkageError | AnnotationFormatError e) { // an annotation of it is not right
            throw new IllegalArgumentException(
                    "An installed action cannot be loaded: the annotations of "
                            + provider.type().getName() + " cannot be read",
                    e);
        }
    }

    private static String described(List<ServiceLoader.Provider<Action>> installed) {
        return installed.isEmpty()
                ? "none is installed: is its jar on the class path? (java -jar takes no other)"
                : "installed are " + list(installed.stream().map(ActionDiscovery::described));
    }

    private static String described(ServiceLoader.Provider<Action> provider) {
        String name = nameOf(provider);
        return name == null ? provider.type().getName() + " without @ActionName" : name;
    }

    private static String list(Stream<String> words) {
        return words.sorted().collect(Collectors.joining(", ", "(", ")"));
    }

    private static String words(Error error) {
        Throwable cause = error.getCause();
        return error instanceof ServiceConfigurationError && cause != null
                ? error.getMessage() + " (" + Failures.place(cause) + ")"
                : error.toString();
    }
}
