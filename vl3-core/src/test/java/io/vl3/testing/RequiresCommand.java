package io.vl3.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test that runs a program; see {@link Requirement} for what happens where it is not in PATH. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(CommandRequirement.class)
public @interface RequiresCommand {

  /** The program's name. */
  String value();

  /** Debian's packages that bring it, as apt-get takes them. */
  String packages();
}
