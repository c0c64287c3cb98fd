/** JMH benchmarks. {@code java -jar analyzer/bench/target/benchmarks.jar -prof gc} runs all. */
package org.fwreplay.bench;
