package dev.openexec.examples.agent;

/**
 * What a model proposes, as the APIs of all providers have it. Nothing in it is trusted.
 *
 * @param id the provider's id of this call. It makes the nonce, so the same call proposed again is the same call
 * @param name the tool, which is an action here
 * @param arguments JSON text, or what the model took for it
 */
record ToolCall(String id, String name, String arguments) {}
