<?php

class ThinkException extends Exception
{
    public function __construct($message, $code = 500)
    {
        parent::__construct($message, $code);
    }

    /**
     * The page of last resort. It uses no template and no configuration, since
     * those may be what failed.
     */
    public static function page($code, $message)
    {
        $title = $code == 404 ? 'Not found' : 'Something broke';
        ?>
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title><?php echo $title; ?></title>
<style>
body { font: 17px/1.6 Georgia, serif; max-width: 34em; margin: 18vh auto 0; padding: 0 1.5em; color: #2b2622; background: #faf7f1 }
h1 { font-weight: normal; font-size: 2em; margin: 0 }
p { color: #6f655b }
</style>
</head>
<body>
<h1><?php echo $title ?></h1>
<?php if ($message !== ''): ?>
<p><?php echo h($message) ?></p>
<?php endif; ?>
</body>
</html>
<?php
    }
}
