<?php
/**
 * Shows how a page came about. It is not part of the compiled application, and
 * answers only when the environment has BLOG_PROOF=1.
 */
class DebugAction extends BaseAction
{
    /** Which files this request has loaded, relative to the application. */
    public function files()
    {
        if (!env_flag('BLOG_PROOF')) {
            return $this->missing();
        }
        $root = str_replace('\\', '/', realpath(APP_PATH)) . '/';
        $lines = '';
        foreach (get_included_files() as $file) {
            $lines .= str_replace($root, '', str_replace('\\', '/', $file)) . "\n";
        }
        $this->send($lines, 'text/plain; charset=utf-8');
    }

    /** Fails, to show what failing looks like. */
    public function fail()
    {
        if (!env_flag('BLOG_PROOF')) {
            return $this->missing();
        }
        throw_exception('the ink has run out');
    }

    /** The effective configuration. */
    public function config()
    {
        if (!env_flag('BLOG_PROOF')) {
            return $this->missing();
        }
        $config = C();
        ksort($config);
        $this->send(var_export($config, true) . "\n", 'text/plain; charset=utf-8');
    }
}
