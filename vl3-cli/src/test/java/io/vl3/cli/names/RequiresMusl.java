package io.vl3.cli.names;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test by the resolver of musl, the C library of Alpine. Where there is no {@code musl-gcc} it is
 * skipped with one printed line that says so; with the system property {@code vl3.strict=true} it
 * fails instead.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(MuslCondition.class)
@interface RequiresMusl {}
