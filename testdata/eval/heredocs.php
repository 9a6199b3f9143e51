<?php
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
a
EOT;
// ---
return <<<'EOT'
a
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
a
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
a
  b
c
EOT;
// ---
return <<<'EOT'
a
  b
c
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
a
  b
c
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  a
EOT;
// ---
return <<<'EOT'
  a
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
  a
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT

EOT;
// ---
return <<<'EOT'

EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"

EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT


EOT;
// ---
return <<<'EOT'


EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"


EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
a


b
EOT;
// ---
return <<<'EOT'
a


b
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
a


b
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
\n \t \\ \$x \"q\" \x41 \101
EOT;
// ---
return <<<'EOT'
\n \t \\ \$x \"q\" \x41 \101
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
\n \t \\ \$x \"q\" \x41 \101
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
$v
EOT;
// ---
return <<<'EOT'
$v
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
$v
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
x $v y
EOT;
// ---
return <<<'EOT'
x $v y
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
x $v y
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
{$v}
EOT;
// ---
return <<<'EOT'
{$v}
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
{$v}
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
$a[k] and {$a['k']}
EOT;
// ---
return <<<'EOT'
$a[k] and {$a['k']}
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
$a[k] and {$a['k']}
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
it's "quoted"
EOT;
// ---
return <<<'EOT'
it's "quoted"
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
it's "quoted"
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
$v

EOT;
// ---
return <<<'EOT'
$v

EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
$v

EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  $v
EOT;
// ---
return <<<'EOT'
  $v
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
  $v
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	 tab
EOT;
// ---
return <<<'EOT'
	 tab
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
	 tab
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
a\
b
EOT;
// ---
return <<<'EOT'
a\
b
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
a\
b
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
${v}
EOT;
// ---
return <<<'EOT'
${v}
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
${v}
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
\\\
EOT;
// ---
return <<<'EOT'
\\\
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
\\\
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
$a[0]{$v}$a[k]
EOT;
// ---
return <<<'EOT'
$a[0]{$v}$a[k]
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
$a[0]{$v}$a[k]
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
<?php ?>
EOT;
// ---
return <<<'EOT'
<?php ?>
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
<?php ?>
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
EOTX
EOT;
// ---
return <<<'EOT'
EOTX
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
EOTX
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
x EOT
EOT;
// ---
return <<<'EOT'
x EOT
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
x EOT
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
a
b
EOT;
// ---
return <<<'EOT'
a
b
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
a
b
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
$
EOT;
// ---
return <<<'EOT'
$
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
$
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
{
EOT;
// ---
return <<<'EOT'
{
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
{
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
ä¸
EOT;
// ---
return <<<'EOT'
ä¸
EOT;
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return [<<<"EOT"
ä¸
EOT
, 1];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  a
  EOT;
// ---
return [<<<'EOT'
  a
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  a
    b
  c
  EOT;
// ---
return [<<<'EOT'
  a
    b
  c
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    a
  EOT;
// ---
return [<<<'EOT'
    a
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT

  EOT;
// ---
return [<<<'EOT'

  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT


  EOT;
// ---
return [<<<'EOT'


  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  a


  b
  EOT;
// ---
return [<<<'EOT'
  a


  b
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  \n \t \\ \$x \"q\" \x41 \101
  EOT;
// ---
return [<<<'EOT'
  \n \t \\ \$x \"q\" \x41 \101
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  $v
  EOT;
// ---
return [<<<'EOT'
  $v
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  x $v y
  EOT;
// ---
return [<<<'EOT'
  x $v y
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  {$v}
  EOT;
// ---
return [<<<'EOT'
  {$v}
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  $a[k] and {$a['k']}
  EOT;
// ---
return [<<<'EOT'
  $a[k] and {$a['k']}
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  it's "quoted"
  EOT;
// ---
return [<<<'EOT'
  it's "quoted"
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  $v

  EOT;
// ---
return [<<<'EOT'
  $v

  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    $v
  EOT;
// ---
return [<<<'EOT'
    $v
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  	 tab
  EOT;
// ---
return [<<<'EOT'
  	 tab
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  a\
  b
  EOT;
// ---
return [<<<'EOT'
  a\
  b
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  ${v}
  EOT;
// ---
return [<<<'EOT'
  ${v}
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  \\\
  EOT;
// ---
return [<<<'EOT'
  \\\
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  $a[0]{$v}$a[k]
  EOT;
// ---
return [<<<'EOT'
  $a[0]{$v}$a[k]
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  <?php ?>
  EOT;
// ---
return [<<<'EOT'
  <?php ?>
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  EOTX
  EOT;
// ---
return [<<<'EOT'
  EOTX
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  x EOT
  EOT;
// ---
return [<<<'EOT'
  x EOT
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  a
  b
  EOT;
// ---
return [<<<'EOT'
  a
  b
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  $
  EOT;
// ---
return [<<<'EOT'
  $
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  {
  EOT;
// ---
return [<<<'EOT'
  {
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
  ä¸
  EOT;
// ---
return [<<<'EOT'
  ä¸
  EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    a
    EOT;
// ---
return [<<<'EOT'
    a
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    a
      b
    c
    EOT;
// ---
return [<<<'EOT'
    a
      b
    c
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
      a
    EOT;
// ---
return [<<<'EOT'
      a
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT

    EOT;
// ---
return [<<<'EOT'

    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT


    EOT;
// ---
return [<<<'EOT'


    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    a


    b
    EOT;
// ---
return [<<<'EOT'
    a


    b
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    \n \t \\ \$x \"q\" \x41 \101
    EOT;
// ---
return [<<<'EOT'
    \n \t \\ \$x \"q\" \x41 \101
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    $v
    EOT;
// ---
return [<<<'EOT'
    $v
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    x $v y
    EOT;
// ---
return [<<<'EOT'
    x $v y
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    {$v}
    EOT;
// ---
return [<<<'EOT'
    {$v}
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    $a[k] and {$a['k']}
    EOT;
// ---
return [<<<'EOT'
    $a[k] and {$a['k']}
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    it's "quoted"
    EOT;
// ---
return [<<<'EOT'
    it's "quoted"
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    $v

    EOT;
// ---
return [<<<'EOT'
    $v

    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
      $v
    EOT;
// ---
return [<<<'EOT'
      $v
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    	 tab
    EOT;
// ---
return [<<<'EOT'
    	 tab
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    a\
    b
    EOT;
// ---
return [<<<'EOT'
    a\
    b
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    ${v}
    EOT;
// ---
return [<<<'EOT'
    ${v}
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    \\\
    EOT;
// ---
return [<<<'EOT'
    \\\
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    $a[0]{$v}$a[k]
    EOT;
// ---
return [<<<'EOT'
    $a[0]{$v}$a[k]
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    <?php ?>
    EOT;
// ---
return [<<<'EOT'
    <?php ?>
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    EOTX
    EOT;
// ---
return [<<<'EOT'
    EOTX
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    x EOT
    EOT;
// ---
return [<<<'EOT'
    x EOT
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    a
    b
    EOT;
// ---
return [<<<'EOT'
    a
    b
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    $
    EOT;
// ---
return [<<<'EOT'
    $
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    {
    EOT;
// ---
return [<<<'EOT'
    {
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
    ä¸
    EOT;
// ---
return [<<<'EOT'
    ä¸
    EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	a
	EOT;
// ---
return [<<<'EOT'
	a
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	a
	  b
	c
	EOT;
// ---
return [<<<'EOT'
	a
	  b
	c
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	  a
	EOT;
// ---
return [<<<'EOT'
	  a
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT

	EOT;
// ---
return [<<<'EOT'

	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT


	EOT;
// ---
return [<<<'EOT'


	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	a


	b
	EOT;
// ---
return [<<<'EOT'
	a


	b
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	\n \t \\ \$x \"q\" \x41 \101
	EOT;
// ---
return [<<<'EOT'
	\n \t \\ \$x \"q\" \x41 \101
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	$v
	EOT;
// ---
return [<<<'EOT'
	$v
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	x $v y
	EOT;
// ---
return [<<<'EOT'
	x $v y
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	{$v}
	EOT;
// ---
return [<<<'EOT'
	{$v}
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	$a[k] and {$a['k']}
	EOT;
// ---
return [<<<'EOT'
	$a[k] and {$a['k']}
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	it's "quoted"
	EOT;
// ---
return [<<<'EOT'
	it's "quoted"
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	$v

	EOT;
// ---
return [<<<'EOT'
	$v

	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	  $v
	EOT;
// ---
return [<<<'EOT'
	  $v
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
		 tab
	EOT;
// ---
return [<<<'EOT'
		 tab
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	a\
	b
	EOT;
// ---
return [<<<'EOT'
	a\
	b
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	${v}
	EOT;
// ---
return [<<<'EOT'
	${v}
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	\\\
	EOT;
// ---
return [<<<'EOT'
	\\\
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	$a[0]{$v}$a[k]
	EOT;
// ---
return [<<<'EOT'
	$a[0]{$v}$a[k]
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	<?php ?>
	EOT;
// ---
return [<<<'EOT'
	<?php ?>
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	EOTX
	EOT;
// ---
return [<<<'EOT'
	EOTX
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	x EOT
	EOT;
// ---
return [<<<'EOT'
	x EOT
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	a
	b
	EOT;
// ---
return [<<<'EOT'
	a
	b
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	$
	EOT;
// ---
return [<<<'EOT'
	$
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	{
	EOT;
// ---
return [<<<'EOT'
	{
	EOT, 2];
// ---
$v = 'V'; $a = ['k' => 'K', 'zero'];
return <<<EOT
	ä¸
	EOT;
// ---
return [<<<'EOT'
	ä¸
	EOT, 2];
// ---
return <<<A
A;
// ---
return <<<A
A . 'x';
// ---
return <<<A
x
A;
// ---
return __LINE__
.
__LINE__;
// ---
return [
 1, // c
 2, # d
 /* x */ 3,
];
// ---
function hd() { return __LINE__; }

return hd();
// ---
if (true):
  $x = 1;
else:
 $x = 2;
endif
?>
text <?= 5 ?>
<?php return $x;
