package io.vl3.nsm.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test against the reference implementation, which is built with Go. Where there is no Go it is
 * skipped with one printed line that says so; with the system property {@code vl3.strict=true} it
 * fails instead.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(GoRequirement.class)
public @interface RequiresGo {}
