package dev.openexec.checks;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that others can compile against, a line for each type and each member, sorted. */
final class Api {

    private Api() {}

    static String of(JavaClasses classes) {
        return types(classes)
                .sorted((left, right) -> left.getName().compareTo(right.getName()))
                .map(type -> type.reflect())
                .flatMap(type ->
                        Stream.concat(Stream.of(head(type)), members(type).map(line -> "    " + line)))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** The types that others can see. */
    static Stream<JavaClass> types(JavaClasses classes) {
        return classes.stream().filter(Api::isVisible);
    }

    private static boolean isVisible(JavaClass type) {
        boolean open = type.getModifiers().contains(JavaModifier.PUBLIC)
                || type.getModifiers().contains(JavaModifier.PROTECTED);
        return open && type.getEnclosingClass().map(Api::isVisible).orElse(true);
    }

    private static String head(Class<?> type) {
        List<Type> parents = new ArrayList<>(List.of(type.getGenericInterfaces()));
        if (type.getGenericSuperclass() != null && type.getSuperclass() != Object.class) {
            parents.add(0, type.getGenericSuperclass());
        }
        String name = type.toGenericString()
                .replaceFirst("\\b(non-)?sealed ", "") // not every JDK says so
                .replaceFirst("\\b(class|interface) ", type.isSealed() ? "sealed $1 " : "$1 ");
        return name + (parents.isEmpty() ? "" : " : " + names(parents));
    }

    private static Stream<String> members(Class<?> type) {
        Stream<String> fields =
                Arrays.stream(type.getDeclaredFields()).filter(Api::isOpen).map(Api::line);
        Stream<String> constructors = Arrays.stream(type.getDeclaredConstructors())
                .filter(Api::isOpen)
                .map(Api::line);
        Stream<String> methods = Arrays.stream(type.getDeclaredMethods())
                .filter(method -> isOpen(method) && !isOfEveryObject(method))
                .sorted(Comparator.comparing(Method::getName).thenComparing(method -> line(method)))
                .map(Api::line);
        return Stream.of(fields.sorted(), constructors.sorted(), methods).flatMap(lines -> lines);
    }

    private static boolean isOpen(Member member) {
        return !member.isSynthetic() && (member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
    }

    private static boolean isOfEveryObject(Method method) {
        return Set.of("equals", "hashCode", "toString").contains(method.getName());
    }

    private static String line(Field field) {
        return modifiers(field) + name(field.getAnnotatedType()) + " " + field.getName();
    }

    private static String line(Constructor<?> constructor) {
        return modifiers(constructor) + constructor.getDeclaringClass().getSimpleName() + rest(constructor);
    }

    private static String line(Method method) {
        return modifiers(method) + name(method.getAnnotatedReturnType()) + " " + method.getName() + rest(method);
    }

    private static String modifiers(Member member) {
        int shown = member.getModifiers()
                & (member instanceof Executable
                        ? Modifier.methodModifiers() & ~(Modifier.SYNCHRONIZED | Modifier.NATIVE)
                        : Modifier.fieldModifiers());
        return Modifier.toString(shown) + " ";
    }

    private static String rest(Executable member) {
        String parameters = Arrays.stream(member.getAnnotatedParameterTypes())
                .map(Api::name)
                .collect(Collectors.joining(", ", "(", ")"));
        List<Type> thrown = List.of(member.getGenericExceptionTypes());
        return parameters + (thrown.isEmpty() ? "" : " throws " + names(thrown));
    }

    private static String name(AnnotatedType type) {
        return (type.isAnnotationPresent(Nullable.class) ? "@Nullable " : "")
                + type.getType().getTypeName();
    }

    private static String names(Collection<Type> types) {
        return types.stream().map(Type::getTypeName).sorted().collect(Collectors.joining(", "));
    }
}
