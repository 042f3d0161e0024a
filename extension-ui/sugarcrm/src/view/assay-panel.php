<?php
$viewdefs['base']['view']['assay-panel'] = array(
  'dashlets' => array(
    array(
      'label' => 'LBL_ASSAY_PANEL',
      'description' => 'LBL_ASSAY_PANEL_DESCRIPTION',
      'config' => array('stale_after_days' => '10'),
      'preview' => array(),
      'filter' => array(
        'module' => array('Accounts', 'Contacts', 'Opportunities'),
        'view' => 'record',
      ),
    ),
  ),
  'config' => array(
    'fields' => array(
      array('name' => 'stale_after_days', 'label' => 'LBL_ASSAY_STALE_AFTER_DAYS', 'type' => 'text'),
    ),
  ),
);
