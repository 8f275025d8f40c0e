/**
 * What a vpp-agent does with what it is told, as transcripts. They were taken from the agent's own
 * orchestrator, scheduler and descriptors over a VPP in memory (docs/vpp.md); the fake agent must
 * write the same, and so must any real agent whose address is given.
 */
@NullMarked
package io.vl3.vpp.behaviour;

import org.jspecify.annotations.NullMarked;
