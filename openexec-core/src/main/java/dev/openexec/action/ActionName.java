package dev.openexec.action;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name of an action, readable without initialising its class: discovery looks at this alone and instantiates
 * nothing that was not asked for.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ActionName {
    /** {@return the name, 1 to 256 characters} */
    String value();
}
